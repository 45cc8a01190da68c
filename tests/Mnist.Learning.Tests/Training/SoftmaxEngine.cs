using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

/// <summary>Softmax regression in a few lines: an engine for tests of what surrounds engines.</summary>
internal sealed class SoftmaxEngine : IGradientEngine
{
    private const int Classes = ImageSet.Classes;
    private const int Pixels = ImageSet.PixelsPerImage;
    private float[] _state = [];

    public ModelLayout Layout { get; } = new(
        "softmax",
        [
            new TensorSpec("fc.weight", [Pixels, Classes], 0, TensorKind.Parameter, Pixels),
            new TensorSpec("fc.bias", [Classes], Pixels * Classes, TensorKind.Parameter, Pixels),
        ]);

    public int BatchCapacity => 16;

    public void LoadState(ReadOnlySpan<float> state) => _state = state.ToArray();

    public void ComputeContribution(
        ReadOnlySpan<float> images,
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<ulong> dropoutKeys,
        Span<float> contribution,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        contribution.Clear();
        Span<float> probabilities = stackalloc float[Classes];
        for (var n = 0; n < labels.Length; n++)
        {
            var image = images.Slice(n * Pixels, Pixels);
            Predict(image, probabilities);
            contribution[Layout.LossIndex] -= MathF.Log(Math.Max(probabilities[labels[n]], 1e-30f));
            contribution[Layout.CorrectIndex] += probabilities.IndexOf(Max(probabilities)) == labels[n] ? 1 : 0;
            for (var c = 0; c < Classes; c++)
            {
                var error = probabilities[c] - (c == labels[n] ? 1 : 0);
                for (var p = 0; p < Pixels; p++)
                {
                    contribution[(p * Classes) + c] += error * image[p];
                }

                contribution[(Pixels * Classes) + c] += error;
            }
        }
    }

    public void Predict(ReadOnlySpan<float> images, Span<float> probabilities)
    {
        for (var n = 0; n < images.Length / Pixels; n++)
        {
            var row = probabilities.Slice(n * Classes, Classes);
            for (var c = 0; c < Classes; c++)
            {
                row[c] = _state[(Pixels * Classes) + c];
                for (var p = 0; p < Pixels; p++)
                {
                    row[c] += _state[(p * Classes) + c] * images[(n * Pixels) + p];
                }
            }

            var largest = Max(row);
            var sum = 0f;
            for (var c = 0; c < Classes; c++)
            {
                row[c] = MathF.Exp(row[c] - largest);
                sum += row[c];
            }

            for (var c = 0; c < Classes; c++)
            {
                row[c] /= sum;
            }
        }
    }

    public void Dispose()
    {
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        var max = values[0];
        foreach (var value in values)
        {
            max = Math.Max(max, value);
        }

        return max;
    }
}
