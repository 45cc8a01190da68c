using System.Diagnostics;
using Mnist.Learning.Models;
using Mnist.Learning.Tests.Engines;
using TorchSharp;

// Memory is the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mnist.Learning.Torch.Tests;

/// <summary>Tensors hold memory that the garbage collector does not see: after any number of steps there are as many as before.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Samples = 8;
    private const long MostGrowth = 16L << 20;

    public static bool IsAsked => Environment.GetEnvironmentVariable("MNIST_LONG_TESTS") == "1";

    [Theory]
    [InlineData("tiny", "cpu")]
    [InlineData("classic", "cpu")]
    [InlineData("classic", "cuda")]
    public void Memory_stays_as_it_is_over_200_steps(string name, string device) => Check(name, device, 200);

    [Theory(Skip = "takes minutes: set MNIST_LONG_TESTS=1", SkipUnless = nameof(IsAsked))]
    [MemberData(nameof(ThroughputTests.Cases), MemberType = typeof(ThroughputTests))]
    public void Memory_stays_as_it_is_over_10_000_steps(string name, string device) => Check(name, device, 10_000);

    [Fact]
    public void An_engine_gives_everything_back()
    {
        TorchEngines.Create("classic", 4).Dispose();
        var before = torch.Tensor.TotalCount;
        for (var i = 0; i < 3; i++)
        {
            using var engine = TorchEngines.Create("classic", 4);
            TorchEngines.Contribution(engine, 4);
            TorchEngines.Prediction(engine, 4);
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_slice_that_is_dropped_leaves_nothing_behind()
    {
        using var engine = TorchEngines.Create("tiny", Samples);
        engine.LoadState(TestInputs.State(Networks.Create("tiny")));
        var before = torch.Tensor.TotalCount;

        Assert.Throws<OperationCanceledException>(() => engine.ComputeContribution(
            TestInputs.Images(Samples),
            TestInputs.Labels(Samples),
            TestInputs.Keys(Samples),
            new float[engine.Layout.ContributionLength],
            new CancellationToken(canceled: true)));

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private void Check(string name, string device, int steps)
    {
        using var engine = TorchEngines.Create(name, Samples, device);
        var state = TestInputs.State(Networks.Create(name));
        var (images, labels, keys) = (TestInputs.Images(Samples), TestInputs.Labels(Samples), TestInputs.Keys(Samples));
        var (contribution, probabilities) = (new float[engine.Layout.ContributionLength], new float[Samples * 10]);
        void Step()
        {
            engine.LoadState(state);
            engine.ComputeContribution(images, labels, keys, contribution, CancellationToken.None);
            engine.Predict(images, probabilities);
        }

        // Allocators and libraries keep what they needed at first.
        for (var i = 0; i < 50; i++)
        {
            Step();
        }

        var (tensors, bytes) = (torch.Tensor.TotalCount, NativeBytes());
        for (var i = 0; i < steps; i++)
        {
            Step();
        }

        var growth = NativeBytes() - bytes;
        output.WriteLine(
            $"{name} ({device}): {torch.Tensor.TotalCount - tensors} tensors and {growth / 1024:N0} kB of native memory more "
            + $"after {steps:N0} steps");
        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.True(growth < MostGrowth, $"{growth:N0} bytes more after {steps} steps, expected less than {MostGrowth:N0}");
    }

    /// <summary>What the process holds beside the collector's heap, which may grow to its budget.</summary>
    private static long NativeBytes()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 - GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
