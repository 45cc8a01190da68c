using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mnist.Learning.Specification;
using Mnist.Learning.Tests.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

/// <summary>
/// The training code around the gradient engines gives the bits on record, whatever instructions the CPU has. To see it
/// without AVX2, or without any intrinsics, the test runs again in a child process whose runtime is told not to use them.
/// </summary>
public class PortableBitsTests
{
    [Fact]
    public void Plan_samples_optimizers_and_reduction_have_the_bits_on_record()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddSamples(hash);
        AddSteps(hash, TestRuns.Create(overrides: new RunOverrides { LearningRate = 0.02f, EmaDecay = 0.99f, Schedule = "cosine" }));
        AddSteps(hash, TestRuns.Create(overrides: new RunOverrides { LearningRate = 0.2f, Optimizer = "sgd", WeightDecay = 0.01f }));

        Assert.Equal("941ac59f8f60350d", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task The_bits_on_record_do_not_need_the_instructions(string setting)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        var start = new ProcessStartInfo(dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[setting] = "0";
        start.ArgumentList.Add(typeof(PortableBitsTests).Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add(
            $"{typeof(PortableBitsTests).FullName}.{nameof(Plan_samples_optimizers_and_reduction_have_the_bits_on_record)}");
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(child.ExitCode == 0, output + await error);
        Assert.Contains("Total: 1,", output, StringComparison.Ordinal);
    }

    private static void AddSamples(IncrementalHash hash)
    {
        var spec = TestRuns.Create(samples: 100) with
        {
            Augmentation = new AugmentationSpec { RotationDegrees = 15, TranslationPixels = 2, Scale = 0.1f, ShearDegrees = 5 },
        };
        var loader = new SliceLoader(spec, new SlicePlan(spec), TestData.Images(100, 1));
        var (images, labels, keys) = (new float[16 * 784], new byte[16], new ulong[16]);
        for (var slice = 0; slice < spec.Slices; slice++)
        {
            var count = loader.Load(1, slice, images, labels, keys);
            hash.AppendData(MemoryMarshal.AsBytes(images.AsSpan(0, count * 784)));
            hash.AppendData(labels.AsSpan(0, count));
            hash.AppendData(MemoryMarshal.AsBytes(keys.AsSpan(0, count)));
        }
    }

    private static void AddSteps(IncrementalHash hash, RunSpec spec)
    {
        var store = new ParameterStore(spec, TestData.Layout);
        var tree = new ReductionTree(spec.Slices, store.Length);
        store.Initialize();
        while (!store.IsFinished)
        {
            tree.Reset();
            for (var slice = 0; slice < spec.Slices; slice++)
            {
                tree.Offer(slice, 1, TestData.Floats(store.Length, KeyedRandom.Key(2, (ulong)store.Step, (ulong)slice)));
            }

            store.Apply(tree.Result, 128);
        }

        hash.AppendData(MemoryMarshal.AsBytes(store.State));
        hash.AppendData(MemoryMarshal.AsBytes(store.EvaluationState));
    }
}
