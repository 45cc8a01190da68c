using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Plain loops that define what <see cref="Dense"/> computes, to the bit.</summary>
internal static class DenseReference
{
    /// <summary>out[n, o] = bias[o] + Σ over i of in[n, i] · weight[i, o].</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, in).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="bias">(out).</param>
    /// <param name="output">Receives (n, out).</param>
    public static void Forward(
        DenseLayer layer, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output)
    {
        var (inputs, outputs) = (layer.Input.Length, layer.Output.Length);
        for (var n = 0; n < samples; n++)
        {
            for (var o = 0; o < outputs; o++)
            {
                var sum = bias[o];
                for (var i = 0; i < inputs; i++)
                {
                    sum = MathF.FusedMultiplyAdd(input[(n * inputs) + i], weight[(i * outputs) + o], sum);
                }

                output[(n * outputs) + o] = sum;
            }
        }
    }

    /// <summary>din[n, i] = Σ over o of dout[n, o] · weight[i, o].</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="outputGradient">(n, out).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="inputGradient">Receives (n, in).</param>
    public static void InputGradient(
        DenseLayer layer, int samples, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Span<float> inputGradient)
    {
        var (inputs, outputs) = (layer.Input.Length, layer.Output.Length);
        for (var n = 0; n < samples; n++)
        {
            for (var i = 0; i < inputs; i++)
            {
                var sum = 0f;
                for (var o = 0; o < outputs; o++)
                {
                    sum = MathF.FusedMultiplyAdd(outputGradient[(n * outputs) + o], weight[(i * outputs) + o], sum);
                }

                inputGradient[(n * inputs) + i] = sum;
            }
        }
    }

    /// <summary>dw[i, o] = Σ over n of in[n, i] · dout[n, o]; db[o] = Σ over n of dout[n, o].</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, in).</param>
    /// <param name="outputGradient">(n, out).</param>
    /// <param name="weightGradient">Receives (in, out).</param>
    /// <param name="biasGradient">Receives (out).</param>
    public static void WeightGradient(
        DenseLayer layer,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> weightGradient,
        Span<float> biasGradient)
    {
        var (inputs, outputs) = (layer.Input.Length, layer.Output.Length);
        weightGradient.Clear();
        biasGradient.Clear();
        for (var n = 0; n < samples; n++)
        {
            for (var o = 0; o < outputs; o++)
            {
                var dout = outputGradient[(n * outputs) + o];
                biasGradient[o] += dout;
                for (var i = 0; i < inputs; i++)
                {
                    ref var sum = ref weightGradient[(i * outputs) + o];
                    sum = MathF.FusedMultiplyAdd(input[(n * inputs) + i], dout, sum);
                }
            }
        }
    }
}
