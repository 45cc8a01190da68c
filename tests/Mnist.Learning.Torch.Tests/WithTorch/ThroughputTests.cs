using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Tests.Engines;

namespace Mnist.Learning.Torch.Tests;

/// <summary>Prints images a second of either engine (command: docs/decisions/0006-torch.md). Not a check: machines differ.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    public static bool IsAsked => Environment.GetEnvironmentVariable("MNIST_BENCHMARK") == "1";

    public static TheoryData<string, string> Cases() =>
        new(from device in TorchDevices.All from name in Networks.Names select (name, device));

    [Theory(Skip = "a benchmark: set MNIST_BENCHMARK=1 (docs/decisions/0006-torch.md)", SkipUnless = nameof(IsAsked))]
    [MemberData(nameof(Cases))]
    public void Images_a_second_of_a_worker(string name, string device)
    {
        var network = Networks.Create(name);

        // A graphics processor starts kernels no faster than a CPU asks for them: it pays with slices that are large.
        foreach (var samples in device == TorchDevices.Cuda ? [64, 256, 1024] : new[] { 16, 64 })
        {
            using var torch = TorchEngines.Create(name, samples, device);
            using var simd = new SimdGradientEngine(network, samples);
            output.WriteLine($"{name} slice {samples} torch ({device}): {Throughput.Measure(torch, network, samples)}");
            output.WriteLine($"{name} slice {samples} simd: {Throughput.Measure(simd, network, samples)}");
        }
    }
}
