using Mnist.Learning.Models;
using Mnist.Learning.Tests.Engines;
using Mnist.Learning.Training;

namespace Mnist.Learning.Torch.Tests;

/// <summary>The engines under test, where this machine can load libtorch.</summary>
internal static class TorchEngines
{
    /// <summary>Makes an engine; skips the test where libtorch, or the device, is not to be had.</summary>
    public static IGradientEngine Create(string network, int batchCapacity, string device = "cpu")
    {
        Assert.SkipWhen(LibTorch.Failure is not null, $"{TorchPackages.LibTorch} {LibTorch.Failure}");
        Assert.SkipWhen(device == "cuda" && LibTorch.CudaFailure is not null, $"{TorchPackages.LibTorch} {LibTorch.CudaFailure}");
        return GradientEnginesTests.Select("torch", device).Create(Networks.Create(network), batchCapacity);
    }

    /// <summary>The contribution of the test inputs.</summary>
    public static float[] Contribution(IGradientEngine engine, int samples, ulong seed = 1)
    {
        var contribution = new float[engine.Layout.ContributionLength];
        Array.Fill(contribution, float.NaN);
        engine.LoadState(TestInputs.State(Networks.Create(engine.Layout.Network)));
        engine.ComputeContribution(
            TestInputs.Images(samples, seed),
            TestInputs.Labels(samples),
            TestInputs.Keys(samples),
            contribution,
            TestContext.Current.CancellationToken);
        return contribution;
    }

    /// <summary>The probabilities of the test inputs.</summary>
    public static float[] Prediction(IGradientEngine engine, int samples)
    {
        var probabilities = new float[samples * 10];
        engine.LoadState(TestInputs.State(Networks.Create(engine.Layout.Network)));
        engine.Predict(TestInputs.Images(samples), probabilities);
        return probabilities;
    }
}
