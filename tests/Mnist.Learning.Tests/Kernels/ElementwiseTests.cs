using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Kernels;

public sealed unsafe class ElementwiseTests
{
    public static TheoryData<string, string, int, int> Normalizations()
    {
        var data = new TheoryData<string, string, int, int>();
        foreach (var network in Networks.Names.Select(Networks.Create))
        {
            foreach (var layer in network.Layers.OfType<BatchNormalizationLayer>())
            {
                data.Add(network.Name, layer.Weight.Name, 1, 0);
                data.Add(network.Name, layer.Weight.Name, 7, layer.Input.Width * layer.Input.Channels % 16 == 0 ? 1 : 0);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Normalizations))]
    public void Batch_normalization_equals_the_reference_to_the_bit(string name, string tensor, int samples, int border)
    {
        var network = Networks.Create(name);
        var layer = network.Layers.OfType<BatchNormalizationLayer>().Single(layer => layer.Weight.Name == tensor);
        var length = samples * layer.Input.Length;
        var input = MapFiller.Values(length, 1);
        var dout = MapFiller.Values(length, 2);
        var state = MapFiller.Values(network.Layout.StateLength, 3).Select(Math.Abs).ToArray();
        var (expected, expectedGradient, masked) = (new float[length], new float[length], new float[length]);
        var expectedSums = new float[network.Layout.ContributionLength];
        var statistics = BatchNormalizationReference.Train(layer, samples, input, state, expected, expectedSums);
        RectifierReference.Backward(expected, dout, masked);
        BatchNormalizationReference.Backward(layer, samples, input, statistics, masked, expectedGradient, expectedSums);
        var inferred = new float[length];
        BatchNormalizationReference.Infer(layer, samples, input, state, inferred);
        RectifierReference.Forward(expected, expected);
        RectifierReference.Forward(inferred, inferred);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var output = new FeatureMap(layer.Input, samples, border);
            var gradient = MapFiller.Map(layer.Input, dout);
            var sums = new float[expectedSums.Length];
            var kernel = KernelSet.Wide(width).BatchNormalization(layer, MapFiller.Map(layer.Input, input), output);
            fixed (float* contribution = sums)
            {
                kernel.LoadState(state);
                kernel.Train(samples, contribution);
                BitAssert.Equal(expected, MapFiller.Read(output, samples), $"{width} output");
                kernel.Backward(samples, gradient, contribution);
            }

            BitAssert.Equal(expectedGradient, MapFiller.Read(gradient, samples), $"{width} gradient");
            BitAssert.Equal(expectedSums, sums, $"{width} statistics and gradients of the parameters");
            kernel.LoadState(state);
            kernel.Infer(samples);
            BitAssert.Equal(inferred, MapFiller.Read(output, samples), $"{width} inferred");
        }
    }

    [Fact]
    public void Normalization_over_a_single_position_reports_the_biased_variance()
    {
        var network = new NetworkBuilder("dot").Convolution(28, 16).BatchNormalization().Relu().Dense("fc", 10).Build();
        var layer = network.Layers.OfType<BatchNormalizationLayer>().Single();
        var sums = new float[network.Layout.ContributionLength];
        var kernel = KernelSet.Wide(Registers.Best)
            .BatchNormalization(layer, MapFiller.Map(layer.Input, MapFiller.Values(16, 1)), new FeatureMap(layer.Input, 1));
        fixed (float* contribution = sums)
        {
            kernel.Train(1, contribution);
        }

        Assert.All(sums[layer.RunningVariance.Offset..network.Layout.StateLength], variance => Assert.Equal(0f, variance));
    }

    [Fact]
    public void The_rectifier_equals_the_reference_to_the_bit_and_keeps_NaN()
    {
        var shape = new MapShape(3, 5, 16);
        var input = MapFiller.Values(3 * shape.Length, 1);
        input[17] = float.NaN;
        var dout = MapFiller.Values(input.Length, 2);
        var (expected, expectedGradient) = (new float[input.Length], new float[input.Length]);
        RectifierReference.Forward(input, expected);
        RectifierReference.Backward(input, dout, expectedGradient);
        Assert.Equal(float.NaN, expected[17]);
        foreach (var width in Enum.GetValues<RegisterWidth>())
        {
            var (map, gradient) = (MapFiller.Map(shape, input), MapFiller.Map(shape, dout));
            var rectifier = KernelSet.Wide(width).Rectifier(map);
            rectifier.Forward(3);
            rectifier.Backward(3, gradient, 1f);

            BitAssert.Equal(expected, MapFiller.Read(map, 3), $"{width} output");
            BitAssert.Equal(expectedGradient, MapFiller.Read(gradient, 3), $"{width} gradient");
        }
    }

    [Fact]
    public void Softmax_and_its_loss_equal_the_reference_to_the_bit()
    {
        float* row = stackalloc float[SoftmaxCrossEntropy.RowLength];
        float* result = stackalloc float[SoftmaxCrossEntropy.RowLength];
        for (var trial = 0; trial < 500; trial++)
        {
            var scores = MapFiller.Values(10, (ulong)trial).Select(value => value * trial).ToArray();
            var label = trial % 10;
            var (expected, expectedGradient) = (new float[10], new float[10]);
            SoftmaxCrossEntropyReference.Softmax(scores, expected);
            var (loss, correct) = SoftmaxCrossEntropyReference.LossAndGradient(scores, label, expectedGradient);
            row[10] = row[11] = float.NaN;
            scores.CopyTo(new Span<float>(row, 10));

            var actualLoss = SoftmaxCrossEntropy.LossAndGradient(row, label, result, out var actualCorrect);
            BitAssert.Equal(expectedGradient, new Span<float>(result, 10), "gradient");
            BitAssert.Equal([0f, 0f], new Span<float>(result + 10, 2), "padding");
            BitAssert.Equal([loss], [actualLoss], "loss");
            Assert.Equal(correct, actualCorrect);
            SoftmaxCrossEntropy.Softmax(row, row);
            BitAssert.Equal(expected, new Span<float>(row, 10), "probabilities");
        }
    }
}
