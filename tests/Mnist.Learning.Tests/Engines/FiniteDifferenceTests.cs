using Mnist.Learning.Engines;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Engines;

/// <summary>
/// Gradients against central differences of the double-precision loss. A step of 1e-6 leaves an error near 1e-9 in the
/// differences, so what is compared is the rounding of the single-precision gradient: within 2e-5 of the largest element
/// of the tensor.
/// </summary>
public sealed class FiniteDifferenceTests
{
    private const double Step = 1e-6;
    private const double Tolerance = 2e-5;

    public static TheoryData<string, int> Cases() => new()
    {
        { "convolution", 3 },
        { "padded convolution", 3 },
        { "pooling", 3 },
        { "normalization", 3 },
        { "dropout", 3 },
        { "dense", 3 },
        { "tiny", 3 },
        { "small", 2 },
        { "wide", 2 },
        { "classic", 2 },
        { "mlp", 3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_the_slopes_of_the_loss(string name, int samples)
    {
        var network = Network(name);
        var state = TestInputs.State(network);
        var (images, labels, keys) = (TestInputs.Images(samples), TestInputs.Labels(samples), TestInputs.Keys(samples));
        var contribution = new float[network.Layout.ContributionLength];
        using var engine = new SimdGradientEngine(network, samples);
        engine.LoadState(state);
        engine.ComputeContribution(images, labels, keys, contribution, TestContext.Current.CancellationToken);

        var oracle = new DoubleNetwork(network, images, labels, keys);
        var exact = Array.ConvertAll(state, value => (double)value);
        Assert.Equal(oracle.Loss(exact), contribution[network.Layout.LossIndex], 1e-5);
        foreach (var tensor in network.Layout.Tensors.Where(tensor => tensor.Kind == TensorKind.Parameter))
        {
            var gradient = contribution.AsSpan(tensor.Offset, tensor.Length).ToArray();
            var largest = Array.IndexOf(gradient, gradient.MaxBy(Math.Abs));
            foreach (var index in new[] { 0, largest, tensor.Length / 2, tensor.Length - 1 }.Distinct())
            {
                var slope = Slope(oracle, exact, tensor.Offset + index);
                var error = Math.Abs(gradient[index] - slope);
                Assert.True(
                    error <= Tolerance * Math.Abs(gradient[largest]),
                    $"{tensor.Name}[{index}]: {gradient[index]:R}, slope {slope:R}, largest {gradient[largest]:R}");
            }
        }
    }

    private static double Slope(DoubleNetwork oracle, double[] state, int index)
    {
        var value = state[index];
        state[index] = value + Step;
        var above = oracle.Loss(state);
        state[index] = value - Step;
        var below = oracle.Loss(state);
        state[index] = value;
        return (above - below) / (2 * Step);
    }

    private static NetworkDefinition Network(string name) => name switch
    {
        "convolution" => new NetworkBuilder(name).Convolution(3, 8, bias: true).Dense("fc", 10).Build(),
        "padded convolution" => new NetworkBuilder(name)
            .Convolution(5, 8).MaxPool().BatchNormalization().Relu().Convolution(3, 16, padding: 1, bias: true).Dense("fc", 10).Build(),
        "pooling" => new NetworkBuilder(name).Convolution(5, 16, bias: true).MaxPool().Dense("fc", 10).Build(),
        "normalization" => new NetworkBuilder(name).Convolution(5, 8).BatchNormalization().Relu().Dense("fc", 10).Build(),
        "dropout" => new NetworkBuilder(name).Dense("fc1", 16).Relu().Dropout(0.5f).Dense("fc2", 10).Build(),
        "dense" => new NetworkBuilder(name).Dense("fc", 10).Build(),
        _ => Networks.Create(name),
    };
}
