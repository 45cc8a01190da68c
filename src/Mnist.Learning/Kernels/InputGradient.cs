namespace Mnist.Learning.Kernels;

/// <summary>Gradient of a loss with respect to a convolution's input.</summary>
internal abstract unsafe class InputGradient
{
    /// <summary>Packs the kernel (ky, kx, ci, co).</summary>
    public abstract void Pack(ReadOnlySpan<float> weight);

    /// <summary>Computes the gradient of the first samples' inputs.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Run(int samples);
}

/// <summary>The input gradient of a convolution as the correlation of the output gradient with the flipped kernel.</summary>
/// <param name="correlation">The correlation.</param>
internal sealed class CorrelatedInputGradient(Correlation correlation) : InputGradient
{
    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight) => correlation.PackFlipped(weight);

    /// <inheritdoc/>
    public override void Run(int samples) => correlation.Run(samples);
}
