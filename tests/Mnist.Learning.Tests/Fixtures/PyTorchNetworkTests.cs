using Mnist.Learning.Engines;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Fixtures;

/// <summary>
/// Each network against PyTorch in double precision: probabilities, loss, the gradient of every parameter and the batch
/// statistics. Tolerances are relative to the largest kept element of a tensor.
/// </summary>
public sealed class PyTorchNetworkTests
{
    private const double ElementTolerance = 2e-5;
    private const double NormTolerance = 5e-6;

    [Theory]
    [InlineData("tiny")]
    [InlineData("small")]
    [InlineData("wide")]
    [InlineData("classic")]
    [InlineData("mlp")]
    public void A_slice_agrees(string name)
    {
        var expected = Fixture.Read($"{name}.json");
        var network = Networks.Create(name);
        var samples = expected.GetProperty("samples").GetInt32();
        var images = Formula.Uniform(100, samples * 784, -0.4f, 2.8f);
        var labels = Enumerable.Range(0, samples).Select(i => (byte)(i * 7 % 10)).ToArray();
        var keys = Enumerable.Range(0, samples).Select(i => KeyedRandom.Key(11, (ulong)i)).ToArray();
        var contribution = new float[network.Layout.ContributionLength];
        var probabilities = new float[samples * 10];
        using var engine = new SimdGradientEngine(network, samples);
        engine.LoadState(Formula.State(network.Layout));
        engine.ComputeContribution(images, labels, keys, contribution, TestContext.Current.CancellationToken);
        engine.Predict(images, probabilities);

        Fixture.AssertClose(expected.GetProperty("probabilities").Numbers(), probabilities, 2e-6, "probabilities");
        Fixture.AssertClose([expected.GetProperty("loss").GetDouble()], [contribution[network.Layout.LossIndex]], 2e-6, "loss");
        Assert.Equal(expected.GetProperty("correct").GetInt32(), contribution[network.Layout.CorrectIndex]);
        foreach (var tensor in network.Layout.Tensors)
        {
            var summary = expected.GetProperty(tensor.Name);
            var actual = contribution.AsSpan(tensor.Offset, tensor.Length).ToArray();
            var stride = summary.GetProperty("stride").GetInt32();
            Fixture.AssertClose(
                summary.GetProperty("values").Numbers(), [.. actual.Where((_, i) => i % stride == 0)], ElementTolerance, tensor.Name);
            var norm = (float)Math.Sqrt(actual.Sum(value => (double)value * value));
            Fixture.AssertClose([summary.GetProperty("norm").GetDouble()], [norm], NormTolerance, $"{tensor.Name} norm");
        }
    }
}
