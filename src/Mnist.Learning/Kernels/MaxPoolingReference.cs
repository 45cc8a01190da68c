using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Plain loops that define what <see cref="MaxPooling"/> computes, to the bit.</summary>
internal static class MaxPoolingReference
{
    /// <summary>The largest of each 2×2 window and which element it was.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, channel).</param>
    /// <param name="output">Receives (n, y/2, x/2, channel).</param>
    /// <param name="winners">Receives 0 to 3, row by row, of equal elements the first.</param>
    public static void Forward(MaxPoolLayer layer, int samples, ReadOnlySpan<float> input, Span<float> output, Span<int> winners)
    {
        for (var i = 0; i < samples * layer.Output.Length; i++)
        {
            var winner = 0;
            for (var element = 1; element < 4; element++)
            {
                winner = input[InputIndex(layer, i, element)] > input[InputIndex(layer, i, winner)] ? element : winner;
            }

            winners[i] = winner;
            output[i] = input[InputIndex(layer, i, winner)];
        }
    }

    /// <summary>The gradient of a pooled element goes to the winner, the other elements get 0.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="outputGradient">(n, y/2, x/2, channel).</param>
    /// <param name="winners">As found by <see cref="Forward"/>.</param>
    /// <param name="inputGradient">Receives (n, y, x, channel).</param>
    public static void Backward(
        MaxPoolLayer layer, int samples, ReadOnlySpan<float> outputGradient, ReadOnlySpan<int> winners, Span<float> inputGradient)
    {
        for (var i = 0; i < samples * layer.Output.Length; i++)
        {
            for (var element = 0; element < 4; element++)
            {
                inputGradient[InputIndex(layer, i, element)] = element == winners[i] ? outputGradient[i] : 0f;
            }
        }
    }

    private static int InputIndex(MaxPoolLayer layer, int outputIndex, int element)
    {
        var (pixel, channel) = Math.DivRem(outputIndex, layer.Output.Channels);
        var (row, x) = Math.DivRem(pixel, layer.Output.Width);
        var inputRow = (2 * row) + (element >> 1);
        return (((inputRow * layer.Input.Width) + (2 * x) + (element & 1)) * layer.Input.Channels) + channel;
    }
}
