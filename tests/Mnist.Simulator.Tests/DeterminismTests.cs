using System.Diagnostics;
using System.Globalization;

namespace Mnist.Simulator.Tests;

public sealed class DeterminismTests
{
    private const string HashFile = "MNIST_SIMULATOR_TEST_HASHES";
    private const string SeedRange = "MNIST_SIMULATOR_TEST_SEEDS";
    private const string OtherCulture = "MNIST_SIMULATOR_TEST_CULTURE";

    [Fact]
    public void The_same_seed_gives_the_same_events()
    {
        using var culture = new CultureSwitch(Environment.GetEnvironmentVariable(OtherCulture) is not null);
        string[] hashes = [.. Seeds.Select(Hash)];

        Assert.Equal(hashes, Seeds.Select(Hash));
        if (Environment.GetEnvironmentVariable(HashFile) is { } file)
        {
            File.WriteAllLines(file, hashes);
        }
    }

    [Fact]
    public void Different_seeds_give_different_events() => Assert.Equal(Seeds.Length, Seeds.Select(Hash).Distinct().Count());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_seed_gives_the_same_events_in_another_process(bool otherCulture)
    {
        if (Environment.GetEnvironmentVariable(HashFile) is not null)
        {
            return;
        }

        // String hashes are random in every process anyway, so that a child's differ from the parent's.
        Assert.Equal(Seeds.Select(Hash), await HashesOfAnotherProcess(otherCulture));
    }

    /// <summary>
    /// A few seeds, or those of the environment: MNIST_SIMULATOR_TEST_SEEDS=1..100 makes a test of minutes out of one of seconds.
    /// </summary>
    private static ulong[] Seeds { get; } = ParseSeeds(Environment.GetEnvironmentVariable(SeedRange) ?? "1..6");

    private static ulong[] ParseSeeds(string range)
    {
        var ends = range.Split("..").Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
        return [.. Enumerable.Range(ends[0], ends[1] - ends[0] + 1).Select(seed => (ulong)seed)];
    }

    private static string Hash(ulong seed)
    {
        var result = Runs.Of(seed);
        return string.Create(CultureInfo.InvariantCulture, $"{seed} {result.EventHash:x16} {result.Events} {result.Duration.Ticks}");
    }

    private static async Task<string[]> HashesOfAnotherProcess(bool otherCulture)
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[HashFile] = file;
            if (otherCulture)
            {
                start.Environment[OtherCulture] = "1";
            }

            foreach (var argument in (string[])
                ["exec", typeof(DeterminismTests).Assembly.Location, "-method", $"*.{nameof(The_same_seed_gives_the_same_events)}"])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await output + await errors);
            return await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>A culture in which numbers and times look as they do nowhere, for code that formats or parses without saying how.</summary>
    private sealed class CultureSwitch : IDisposable
    {
        private readonly CultureInfo _before = CultureInfo.CurrentCulture;

        public CultureSwitch(bool isOn)
        {
            if (isOn)
            {
                var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                culture.NumberFormat.NumberDecimalSeparator = ",";
                culture.NumberFormat.NumberGroupSeparator = ".";
                culture.NumberFormat.NegativeSign = "~";
                culture.DateTimeFormat.TimeSeparator = "h";
                CultureInfo.CurrentCulture = culture;
                CultureInfo.DefaultThreadCurrentCulture = culture;
            }
        }

        public void Dispose()
        {
            CultureInfo.CurrentCulture = _before;
            CultureInfo.DefaultThreadCurrentCulture = null;
        }
    }
}
