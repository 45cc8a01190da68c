using System.Diagnostics;
using Mnist.Learning.Engines;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Engines;

/// <summary>Prints images a second; docs/KERNELS.md names the command. Not a check: machines differ.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("MNIST_BENCHMARK") == "1";

    [Theory(Skip = "a benchmark: set MNIST_BENCHMARK=1 (docs/KERNELS.md)", SkipUnless = nameof(IsAsked))]
    [InlineData("tiny", 16)]
    [InlineData("small", 16)]
    [InlineData("wide", 16)]
    [InlineData("classic", 16)]
    [InlineData("mlp", 16)]
    [InlineData("tiny", 64)]
    [InlineData("small", 64)]
    [InlineData("wide", 64)]
    [InlineData("classic", 64)]
    [InlineData("mlp", 64)]
    public void Images_a_second_on_one_thread(string name, int samples)
    {
        var network = Networks.Create(name);
        foreach (var width in new[] { Registers.Best, RegisterWidth.Bits256 }.Distinct())
        {
            var (best, median, processor) = Measure(network, samples, width);
            var flops = 2e-9 * network.TrainingMultiplyAdds;
            output.WriteLine(
                $"{name} slice {samples} {width}: images/s best {best:N0}, median {median:N0}, a second of CPU time {processor:N0}; "
                + $"{best * flops:F1} GFLOP/s at best");
        }
    }

    /// <summary>Images a second of the fastest and the median of many short runs, and over the CPU time of all of them.</summary>
    private static (double Best, double Median, double Processor) Measure(NetworkDefinition network, int samples, RegisterWidth width)
    {
        using var engine = new SimdGradientEngine(network, samples, width);
        var state = TestInputs.State(network);
        var images = TestInputs.Images(samples);
        var labels = TestInputs.Labels(samples);
        var keys = TestInputs.Keys(samples);
        var contribution = new float[network.Layout.ContributionLength];
        var rates = new List<double>();
        engine.LoadState(state);
        engine.ComputeContribution(images, labels, keys, contribution, CancellationToken.None);
        var count = 0;
        var processor = Environment.CpuUsage.TotalTime;
        var total = Stopwatch.StartNew();
        while (total.Elapsed < TimeSpan.FromSeconds(3))
        {
            var start = Stopwatch.GetTimestamp();
            var slices = 0;
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(20))
            {
                engine.LoadState(state);
                engine.ComputeContribution(images, labels, keys, contribution, CancellationToken.None);
                slices++;
            }

            count += slices * samples;
            rates.Add(slices * samples / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        rates.Sort();
        return (rates[^1], rates[rates.Count / 2], count / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
