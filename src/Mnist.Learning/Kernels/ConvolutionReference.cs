using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Plain loops that define what <see cref="Correlation"/> and <see cref="WeightGradient"/> compute, to the bit.</summary>
internal static class ConvolutionReference
{
    /// <summary>out[n, y, x, co] = bias[co] + Σ over (ky, kx, ci) inside the image of in · weight.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, ci).</param>
    /// <param name="weight">(ky, kx, ci, co).</param>
    /// <param name="bias">(co), or empty.</param>
    /// <param name="output">Receives (n, y, x, co).</param>
    public static void Forward(
        ConvolutionLayer layer,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        Span<float> output)
    {
        var outputs = layer.Output.Channels;
        var i = 0;
        for (var n = 0; n < samples; n++)
        {
            for (var y = 0; y < layer.Output.Height; y++)
            {
                for (var x = 0; x < layer.Output.Width; x++)
                {
                    for (var co = 0; co < outputs; co++)
                    {
                        output[i++] = OutputElement(layer, input, weight, bias.IsEmpty ? 0f : bias[co], (n, y, x, co));
                    }
                }
            }
        }
    }

    /// <summary>din[n, y, x, ci] = Σ over (ky descending, kx descending, co) inside the output of dout · weight.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="weight">(ky, kx, ci, co).</param>
    /// <param name="inputGradient">Receives (n, y, x, ci).</param>
    public static void InputGradient(
        ConvolutionLayer layer, int samples, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Span<float> inputGradient)
    {
        var i = 0;
        for (var n = 0; n < samples; n++)
        {
            for (var y = 0; y < layer.Input.Height; y++)
            {
                for (var x = 0; x < layer.Input.Width; x++)
                {
                    for (var ci = 0; ci < layer.Input.Channels; ci++)
                    {
                        inputGradient[i++] = InputGradientElement(layer, outputGradient, weight, (n, y, x, ci));
                    }
                }
            }
        }
    }

    /// <summary>dw[ky, kx, ci, co] = Σ over (n, y, x) of in · dout, where pixels beside the image count as 0.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, ci).</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="gradient">Receives (ky, kx, ci, co).</param>
    public static void WeightGradient(
        ConvolutionLayer layer, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> gradient)
    {
        var (height, width, outputs) = (layer.Output.Height, layer.Output.Width, layer.Output.Channels);
        for (var w = 0; w < gradient.Length; w++)
        {
            var (ky, kx, ci, co) = WeightIndex(layer, w);
            var sum = 0f;
            for (var i = 0; i < samples * height * width; i++)
            {
                var (n, y, x) = (i / (height * width), i / width % height, i % width);
                var pixel = Pixel(layer, input, n, y + ky, x + kx, ci);
                sum = MathF.FusedMultiplyAdd(pixel, outputGradient[(i * outputs) + co], sum);
            }

            gradient[w] = sum;
        }
    }

    /// <summary>
    /// As <see cref="WeightGradient"/>, but over the windows of the pooling that follows, each with its winner's pixel;
    /// where there are several input channels without those whose gradient is 0, and of images in
    /// <see cref="WeightGradient.PooledChains"/> that are added at the end.
    /// </summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, ci).</param>
    /// <param name="pooledGradient">(n, y/2, x/2, co).</param>
    /// <param name="winners">Which element of the window won, 0 to 3, (n, y/2, x/2, co).</param>
    /// <param name="gradient">Receives (ky, kx, ci, co).</param>
    public static void PooledWeightGradient(
        ConvolutionLayer layer,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> pooledGradient,
        ReadOnlySpan<int> winners,
        Span<float> gradient)
    {
        var (height, width, outputs) = (layer.Output.Height / 2, layer.Output.Width / 2, layer.Output.Channels);
        var sums = new float[Kernels.WeightGradient.PooledChains(layer.Input, new MapShape(height, width, outputs))];
        for (var w = 0; w < gradient.Length; w++)
        {
            var (ky, kx, ci, co) = WeightIndex(layer, w);
            Array.Clear(sums);
            for (var i = 0; i < samples * height * width; i++)
            {
                var (dout, winner) = (pooledGradient[(i * outputs) + co], winners[(i * outputs) + co]);
                var (n, y, x) = (i / (height * width), (2 * (i / width % height)) + (winner >> 1), (2 * (i % width)) + (winner & 1));
                var pixel = Pixel(layer, input, n, y + ky, x + kx, ci);
                ref var sum = ref sums[i % width % sums.Length];
                sum = dout == 0f && layer.Input.Channels > 1 ? sum : MathF.FusedMultiplyAdd(pixel, dout, sum);
            }

            gradient[w] = sums.Length == 1 ? sums[0] : sums[0] + sums[1];
        }
    }

    /// <summary>
    /// din[n, y, x, ci] = Σ over (window, element of the window, co) of dpooled · weight where the element won and reaches the pixel,
    /// without zeros.
    /// </summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="pooledGradient">(n, y/2, x/2, co).</param>
    /// <param name="winners">Which element of the window won, 0 to 3, (n, y/2, x/2, co).</param>
    /// <param name="weight">(ky, kx, ci, co).</param>
    /// <param name="inputGradient">Receives (n, y, x, ci).</param>
    public static void PooledInputGradient(
        ConvolutionLayer layer,
        int samples,
        ReadOnlySpan<float> pooledGradient,
        ReadOnlySpan<int> winners,
        ReadOnlySpan<float> weight,
        Span<float> inputGradient)
    {
        var (height, width, outputs) = (layer.Output.Height / 2, layer.Output.Width / 2, layer.Output.Channels);
        inputGradient.Clear();
        for (var term = 0; term < samples * height * width * 4 * outputs; term++)
        {
            var (window, element, co) = (term / (4 * outputs), term / outputs % 4, term % outputs);
            var i = (window * outputs) + co;
            var (n, y, x) = (window / (height * width), window / width % height, window % width);
            for (var w = co; w < weight.Length && winners[i] == element && pooledGradient[i] != 0f; w += outputs)
            {
                var (ky, kx, ci, _) = WeightIndex(layer, w);
                var inputY = (2 * y) + (element >> 1) + ky - layer.Padding;
                var inputX = (2 * x) + (element & 1) + kx - layer.Padding;
                if (IsInside(layer.Input, inputY, inputX))
                {
                    ref var sum = ref inputGradient[
                        (((((n * layer.Input.Height) + inputY) * layer.Input.Width) + inputX) * layer.Input.Channels) + ci];
                    sum = MathF.FusedMultiplyAdd(pooledGradient[i], weight[w], sum);
                }
            }
        }
    }

    private static float OutputElement(
        ConvolutionLayer layer, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, float bias, (int N, int Y, int X, int Co) at)
    {
        var sum = bias;
        for (var w = at.Co; w < weight.Length; w += layer.Output.Channels)
        {
            var (ky, kx, ci, _) = WeightIndex(layer, w);
            if (IsInside(layer.Input, at.Y + ky - layer.Padding, at.X + kx - layer.Padding))
            {
                sum = MathF.FusedMultiplyAdd(Pixel(layer, input, at.N, at.Y + ky, at.X + kx, ci), weight[w], sum);
            }
        }

        return sum;
    }

    private static float InputGradientElement(
        ConvolutionLayer layer, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, (int N, int Y, int X, int Ci) at)
    {
        var outputs = layer.Output.Channels;
        var sum = 0f;
        for (var tap = (layer.Kernel * layer.Kernel) - 1; tap >= 0; tap--)
        {
            var y = at.Y + layer.Padding - (tap / layer.Kernel);
            var x = at.X + layer.Padding - (tap % layer.Kernel);
            for (var co = 0; co < outputs && IsInside(layer.Output, y, x); co++)
            {
                var dout = outputGradient[(((((at.N * layer.Output.Height) + y) * layer.Output.Width) + x) * outputs) + co];
                sum = MathF.FusedMultiplyAdd(dout, weight[(((tap * layer.Input.Channels) + at.Ci) * outputs) + co], sum);
            }
        }

        return sum;
    }

    private static (int Ky, int Kx, int Ci, int Co) WeightIndex(ConvolutionLayer layer, int index)
    {
        var (term, co) = Math.DivRem(index, layer.Output.Channels);
        var (tap, ci) = Math.DivRem(term, layer.Input.Channels);
        return (tap / layer.Kernel, tap % layer.Kernel, ci, co);
    }

    /// <summary>An element of the padded image; y and x count from the padding's first pixel.</summary>
    private static float Pixel(ConvolutionLayer layer, ReadOnlySpan<float> input, int n, int y, int x, int ci)
    {
        var shape = layer.Input;
        y -= layer.Padding;
        x -= layer.Padding;
        return IsInside(shape, y, x) ? input[(((((n * shape.Height) + y) * shape.Width) + x) * shape.Channels) + ci] : 0f;
    }

    private static bool IsInside(MapShape shape, int y, int x) => (uint)y < (uint)shape.Height && (uint)x < (uint)shape.Width;
}
