using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mnist.Learning.Engines;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Engines;

/// <summary>The promise that equal inputs give equal bytes on every CPU, checked in processes that lack instruction sets.</summary>
public sealed class SameBitsTests
{
    /// <summary>
    /// SHA-256 over contributions and predictions of all networks, on any CPU. It changes only when the numerical contract
    /// of docs/KERNELS.md does, and with it the result of every training run.
    /// </summary>
    private const string OnRecord = "88458f5dc18d320c3ec29492b34d38e2a7994825a717b04474e47b7beef5a5d4";

    private const string ReportVariable = "MNIST_TEST_SAME_BITS_REPORT";

    public static bool IsChild => Environment.GetEnvironmentVariable(ReportVariable) is not null;

    [Fact]
    public void Results_have_the_bits_on_record() => Assert.Equal(OnRecord, Hash());

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "Bits256")]
    [InlineData("DOTNET_EnableAVX2", "Bits128")]
    [InlineData("DOTNET_EnableHWIntrinsic", "Bits128")]
    public async Task A_process_without_an_instruction_set_gets_the_same_bits(string variable, string widest)
    {
        var report = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                ArgumentList =
                {
                    typeof(SameBitsTests).Assembly.Location,
                    "-method", $"{typeof(SameBitsTests).FullName}.{nameof(Report_for_the_test_in_the_parent_process)}",
                },
                Environment = { [variable] = "0", [ReportVariable] = report },
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, output);

            var lines = await File.ReadAllLinesAsync(report, TestContext.Current.CancellationToken);
            Assert.Equal(OnRecord, lines[0]);
            if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                Assert.True(Enum.Parse<RegisterWidth>(lines[1]) <= Enum.Parse<RegisterWidth>(widest), $"{variable}=0 left {lines[1]}");
            }
        }
        finally
        {
            File.Delete(report);
        }
    }

    [Fact(Skip = "runs in the child processes that the tests above start", SkipUnless = nameof(IsChild))]
    public void Report_for_the_test_in_the_parent_process() =>
        File.WriteAllLines(Environment.GetEnvironmentVariable(ReportVariable)!, [Hash(), $"{Registers.Best}"]);

    private static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Networks.Names)
        {
            var samples = name == "classic" ? 1 : 3;
            using var engine = new SimdGradientEngine(Networks.Create(name), samples);
            hash.AppendData(MemoryMarshal.AsBytes<float>(SimdGradientEngineTests.Contribution(engine, samples)));
            hash.AppendData(MemoryMarshal.AsBytes<float>(SimdGradientEngineTests.Prediction(engine, samples)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
