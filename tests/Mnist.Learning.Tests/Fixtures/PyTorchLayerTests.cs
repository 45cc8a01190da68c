using System.Text.Json;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Fixtures;

/// <summary>
/// Each layer type against PyTorch in double precision, through the scalar reference (the vector kernels equal it to the
/// bit): within 1e-6 of the largest element of the tensor, a few roundings of single precision.
/// </summary>
public sealed class PyTorchLayerTests
{
    private const double Tolerance = 1e-6;

    private static readonly JsonElement Expected = Fixture.Read("layers.json");

    [Theory]
    [InlineData("convolution", 0)]
    [InlineData("padded", 1)]
    public void A_convolution_agrees(string name, int padding)
    {
        var (input, output) = (new MapShape(6, 5, 3), new MapShape(4 + (2 * padding), 3 + (2 * padding), 4));
        var layer = new ConvolutionLayer(input, output, 3, padding, Tensor("w", [3, 3, 3, 4], 0), Tensor("b", [4], 108));
        var (x, w, b) = (Formula.Uniform(0, 180), Formula.Uniform(1, 108), Formula.Uniform(2, 4));
        var dout = Formula.Uniform(9, 2 * output.Length);
        var (y, dx, dw) = (new float[dout.Length], new float[x.Length], new float[w.Length]);
        ConvolutionReference.Forward(layer, 2, x, w, b, y);
        ConvolutionReference.InputGradient(layer, 2, dout, w, dx);
        ConvolutionReference.WeightGradient(layer, 2, x, dout, dw);
        var db = BatchNormalizationReference.ChannelSum(dout, output.Length, 4, (dy, _, sum) => dy + sum);

        Check(name, ("output", y), ("x", dx), ("w", dw), ("b", db));
    }

    [Fact]
    public void Max_pooling_agrees()
    {
        var layer = new MaxPoolLayer(new MapShape(6, 4, 4), new MapShape(3, 2, 4));
        var (y, dx, winners) = (new float[48], new float[192], new int[48]);
        MaxPoolingReference.Forward(layer, 2, Formula.Uniform(0, 192), y, winners);
        MaxPoolingReference.Backward(layer, 2, Formula.Uniform(9, 48), winners, dx);

        Check("pooling", ("output", y), ("x", dx));
    }

    [Fact]
    public void Batch_normalization_agrees()
    {
        var layer = new BatchNormalizationLayer(
            new MapShape(6, 4, 4), Tensor("weight", [4], 0), Tensor("bias", [4], 4), Tensor("mean", [4], 8), Tensor("variance", [4], 12));
        var (x, dout) = (Formula.Uniform(0, 192), Formula.Uniform(9, 192));
        float[] state = [.. Formula.Uniform(1, 4), .. Formula.Uniform(2, 4), .. new float[8]];
        var (y, dx, sums) = (new float[192], new float[192], new float[18]);
        var statistics = BatchNormalizationReference.Train(layer, 2, x, state, y, sums);
        BatchNormalizationReference.Backward(layer, 2, x, statistics, dout, dx, sums);

        Check("normalization", ("output", y), ("x", dx), ("weight", sums[..4]), ("bias", sums[4..8]));
    }

    [Fact]
    public void A_rectifier_agrees()
    {
        var x = Formula.Uniform(0, 192);
        var (y, dx) = (new float[192], new float[192]);
        RectifierReference.Forward(x, y);
        RectifierReference.Backward(x, Formula.Uniform(9, 192), dx);

        Check("rectifier", ("output", y), ("x", dx));
    }

    [Fact]
    public void A_dense_layer_agrees()
    {
        var layer = new DenseLayer(new MapShape(1, 1, 7), new MapShape(1, 1, 5), Tensor("w", [7, 5], 0), Tensor("b", [5], 35));
        var (x, w, dout) = (Formula.Uniform(0, 21), Formula.Uniform(1, 35), Formula.Uniform(9, 15));
        var (y, dx, dw, db) = (new float[15], new float[21], new float[35], new float[5]);
        DenseReference.Forward(layer, 3, x, w, Formula.Uniform(2, 5), y);
        DenseReference.InputGradient(layer, 3, dout, w, dx);
        DenseReference.WeightGradient(layer, 3, x, dout, dw, db);

        Check("dense", ("output", y), ("x", dx), ("w", dw), ("b", db));
    }

    [Fact]
    public void Softmax_and_cross_entropy_agree()
    {
        var (x, dout) = (Formula.Uniform(0, 30, -4f, 4f), Formula.Uniform(9, 3));
        var (probabilities, losses, dx) = (new float[30], new float[3], new float[30]);
        for (var n = 0; n < 3; n++)
        {
            var scores = x.AsSpan(n * 10, 10);
            SoftmaxCrossEntropyReference.Softmax(scores, probabilities.AsSpan(n * 10, 10));
            losses[n] = SoftmaxCrossEntropyReference.LossAndGradient(scores, new[] { 3, 0, 9 }[n], dx.AsSpan(n * 10, 10)).Loss;
            foreach (ref var gradient in dx.AsSpan(n * 10, 10))
            {
                gradient *= dout[n];
            }
        }

        Check("softmax", ("output", probabilities));
        Check("loss", ("output", losses), ("x", dx));
    }

    private static TensorSpec Tensor(string name, int[] shape, int offset) => new(name, shape, offset, TensorKind.Parameter, 0);

    private static void Check(string layer, params (string Name, float[] Actual)[] tensors)
    {
        foreach (var (name, actual) in tensors)
        {
            Fixture.AssertClose(Expected.GetProperty(layer).GetProperty(name).Numbers(), actual, Tolerance, $"{layer} {name}");
        }
    }
}
