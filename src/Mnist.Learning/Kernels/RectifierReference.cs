namespace Mnist.Learning.Kernels;

/// <summary>Plain loops that define what <see cref="Rectifier"/> computes, to the bit.</summary>
internal static class RectifierReference
{
    /// <summary>out = in &lt; 0 ? 0 : in, which keeps NaN.</summary>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        for (var i = 0; i < input.Length; i++)
        {
            output[i] = input[i] < 0f ? 0f : input[i];
        }
    }

    /// <summary>din = in &gt; 0 ? dout : 0.</summary>
    public static void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        for (var i = 0; i < input.Length; i++)
        {
            inputGradient[i] = input[i] > 0f ? outputGradient[i] : 0f;
        }
    }
}
