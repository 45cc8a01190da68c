namespace Mnist.Learning.Kernels;

/// <summary>Outputs of a convolution that a 2×2 max pooling follows.</summary>
internal abstract unsafe class PooledConvolutionForward
{
    /// <summary>Packs the kernel (ky, kx, ci, co) and the bias (co), which may be empty.</summary>
    public abstract void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias);

    /// <summary>Computes the output of the first samples and keeps only the largest of each 2×2 window.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="winners">Receives which element of the window it was, see <see cref="MaxPooling"/>.</param>
    /// <param name="windowOffsets">Four marks for the elements of a window.</param>
    public abstract void RunPooled(int samples, FeatureMap winners, ReadOnlySpan<int> windowOffsets);
}

/// <summary>Outputs of a convolution, pooled or not.</summary>
internal abstract unsafe class ConvolutionForward : PooledConvolutionForward
{
    /// <summary>Computes the output of the first samples.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Run(int samples);
}
