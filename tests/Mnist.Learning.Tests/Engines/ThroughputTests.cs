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
            using var engine = new SimdGradientEngine(network, samples, width);
            var throughput = Throughput.Measure(engine, network, samples);
            var flops = 2e-9 * network.TrainingMultiplyAdds;
            output.WriteLine($"{name} slice {samples} {width}: {throughput}; {throughput.Best * flops:F1} GFLOP/s at best");
        }
    }
}
