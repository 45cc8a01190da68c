using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Tests.Engines;

/// <summary>
/// The loss of a network in double precision, written without regard to the kernels: the oracle of finite differences.
/// </summary>
internal sealed class DoubleNetwork(NetworkDefinition network, float[] images, byte[] labels, ulong[] dropoutKeys)
{
    private readonly int _samples = labels.Length;

    /// <summary>Sum of the cross-entropies in training mode.</summary>
    public double Loss(double[] state)
    {
        var x = Array.ConvertAll(images, pixel => (double)pixel);
        foreach (var layer in network.Layers)
        {
            x = layer switch
            {
                ConvolutionLayer convolution => Convolve(convolution, x, state),
                MaxPoolLayer pool => Pool(pool, x),
                BatchNormalizationLayer normalization => Normalize(normalization, x, state),
                ReluLayer => Array.ConvertAll(x, value => Math.Max(value, 0)),
                DropoutLayer dropout => Drop(dropout, x),
                DenseLayer dense => Multiply(dense, x, state),
                _ => throw new ArgumentException($"{layer}"),
            };
        }

        var loss = 0.0;
        var classes = x.Length / _samples;
        for (var n = 0; n < _samples; n++)
        {
            var scores = x.AsSpan(n * classes, classes).ToArray();
            loss += Math.Log(scores.Sum(score => Math.Exp(score - scores.Max()))) + scores.Max() - scores[labels[n]];
        }

        return loss;
    }

    private double[] Convolve(ConvolutionLayer layer, double[] x, double[] state)
    {
        var (input, output, outputs) = (layer.Input, layer.Output, layer.Output.Channels);
        var y = new double[_samples * output.Length];
        for (var pixel = 0; pixel < y.Length / outputs; pixel++)
        {
            var (n, oy, ox) = (pixel / (output.Height * output.Width), pixel / output.Width % output.Height, pixel % output.Width);
            var sums = y.AsSpan(pixel * outputs, outputs);
            if (layer.Bias is not null)
            {
                state.AsSpan(layer.Bias.Offset, outputs).CopyTo(sums);
            }

            for (var tap = 0; tap < layer.Kernel * layer.Kernel; tap++)
            {
                var (iy, ix) = (oy + (tap / layer.Kernel) - layer.Padding, ox + (tap % layer.Kernel) - layer.Padding);
                if (iy < 0 || ix < 0 || iy >= input.Height || ix >= input.Width)
                {
                    continue;
                }

                for (var ci = 0; ci < input.Channels; ci++)
                {
                    var value = x[(((((n * input.Height) + iy) * input.Width) + ix) * input.Channels) + ci];
                    AddScaled(sums, value, state.AsSpan(layer.Weight.Offset + (((tap * input.Channels) + ci) * outputs), outputs));
                }
            }
        }

        return y;
    }

    private double[] Pool(MaxPoolLayer layer, double[] x)
    {
        var channels = layer.Input.Channels;
        var y = new double[_samples * layer.Output.Length];
        Array.Fill(y, double.NegativeInfinity);
        for (var i = 0; i < x.Length; i++)
        {
            var (pixel, channel) = (i / channels, i % channels);
            var (row, column) = (pixel / layer.Input.Width, pixel % layer.Input.Width);
            ref var largest = ref y[((((row / 2) * layer.Output.Width) + (column / 2)) * channels) + channel];
            largest = Math.Max(largest, x[i]);
        }

        return y;
    }

    private static double[] Normalize(BatchNormalizationLayer layer, double[] x, double[] state)
    {
        var channels = layer.Input.Channels;
        var y = new double[x.Length];
        for (var c = 0; c < channels; c++)
        {
            var values = x.Where((_, i) => i % channels == c).ToArray();
            var mean = values.Average();
            var variance = values.Average(value => (value - mean) * (value - mean));
            var scale = state[layer.Weight.Offset + c] / Math.Sqrt(variance + BatchNormalizationLayer.Epsilon);
            for (var i = c; i < x.Length; i += channels)
            {
                y[i] = ((x[i] - mean) * scale) + state[layer.Bias.Offset + c];
            }
        }

        return y;
    }

    private double[] Drop(DropoutLayer layer, double[] x)
    {
        var masks = new float[x.Length];
        Array.Fill(masks, 1f);
        for (var n = 0; n < _samples; n++)
        {
            Dropout.Apply(layer, dropoutKeys[n], masks.AsSpan(n * layer.Input.Length, layer.Input.Length));
        }

        return [.. x.Zip(masks, (value, mask) => mask > 0 ? value / (1 - layer.Rate) : 0)];
    }

    private double[] Multiply(DenseLayer layer, double[] x, double[] state)
    {
        var (inputs, outputs) = (layer.Input.Length, layer.Output.Length);
        var y = new double[_samples * outputs];
        for (var n = 0; n < _samples; n++)
        {
            var sums = y.AsSpan(n * outputs, outputs);
            state.AsSpan(layer.Bias.Offset, outputs).CopyTo(sums);
            for (var i = 0; i < inputs; i++)
            {
                AddScaled(sums, x[(n * inputs) + i], state.AsSpan(layer.Weight.Offset + (i * outputs), outputs));
            }
        }

        return y;
    }

    private static void AddScaled(Span<double> sums, double factor, ReadOnlySpan<double> terms)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * terms[i];
        }
    }
}
