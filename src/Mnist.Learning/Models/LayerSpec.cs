namespace Mnist.Learning.Models;

/// <summary>Extents of one sample's activation between two layers, stored (y, x, channel) with the channel innermost.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Channels of a pixel.</param>
public sealed record MapShape(int Height, int Width, int Channels)
{
    /// <summary>Elements of one sample.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>The extents as <c>height×width×channels</c>.</summary>
    public override string ToString() => $"{Height}×{Width}×{Channels}";
}

/// <summary>One layer of a network: what it reads and what it writes, for one sample.</summary>
/// <param name="Input">Shape of the activation that the layer reads.</param>
/// <param name="Output">Shape of the activation that the layer writes.</param>
public abstract record LayerSpec(MapShape Input, MapShape Output)
{
    /// <summary>Multiplications with addition that a forward pass needs for one sample; 0 for layers without weights.</summary>
    public virtual long MultiplyAdds => 0;
}

/// <summary>Cross-correlation with stride 1, as PyTorch's <c>Conv2d</c>.</summary>
/// <param name="Input">Shape of the activation that the layer reads.</param>
/// <param name="Output">Shape of the activation that the layer writes.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Padding">Rows and columns of zeros on each side of the input.</param>
/// <param name="Weight">(ky, kx, ci, co).</param>
/// <param name="Bias">(co), or null where a batch normalization follows.</param>
public sealed record ConvolutionLayer(MapShape Input, MapShape Output, int Kernel, int Padding, TensorSpec Weight, TensorSpec? Bias)
    : LayerSpec(Input, Output)
{
    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Output.Length * Kernel * Kernel * Input.Channels;
}

/// <summary>Largest of each 2×2 window, stride 2; of equal values the first in the order (0,0), (0,1), (1,0), (1,1) wins.</summary>
/// <param name="Input">Shape of the activation that the layer reads; height and width are even.</param>
/// <param name="Output">Shape of the activation that the layer writes.</param>
public sealed record MaxPoolLayer(MapShape Input, MapShape Output) : LayerSpec(Input, Output);

/// <summary>
/// Batch normalization over (sample, y, x), as PyTorch's <c>BatchNorm2d</c>: training normalizes with the biased variance of
/// the slice and reports the unbiased one for the running statistics.
/// </summary>
/// <param name="Shape">Shape that the layer reads and writes; the number of channels is a power of two up to 64.</param>
/// <param name="Weight">(channel), the scale γ.</param>
/// <param name="Bias">(channel), the shift β.</param>
/// <param name="RunningMean">(channel).</param>
/// <param name="RunningVariance">(channel).</param>
public sealed record BatchNormalizationLayer(
    MapShape Shape, TensorSpec Weight, TensorSpec Bias, TensorSpec RunningMean, TensorSpec RunningVariance)
    : LayerSpec(Shape, Shape)
{
    /// <summary>What is added to the variance before its root is taken, as in PyTorch.</summary>
    public const float Epsilon = 1e-5f;
}

/// <summary>Rectifier: 0 where the input is negative, else the input.</summary>
/// <param name="Shape">Shape that the layer reads and writes.</param>
public sealed record ReluLayer(MapShape Shape) : LayerSpec(Shape, Shape);

/// <summary>Inverted dropout: in training an element is 0 with probability <paramref name="Rate"/>, else divided by 1 − rate.</summary>
/// <param name="Shape">Shape that the layer reads and writes.</param>
/// <param name="Rate">Probability of dropping an element, a multiple of 2⁻¹⁶ in [0, 1).</param>
/// <param name="Index">Which dropout layer of the network this is, from 0; part of the key of its masks.</param>
public sealed record DropoutLayer(MapShape Shape, float Rate, int Index) : LayerSpec(Shape, Shape);

/// <summary>Fully connected layer over the flattened input.</summary>
/// <param name="Input">Shape of the activation that the layer reads.</param>
/// <param name="Output">Shape of the activation that the layer writes, 1×1×outputs.</param>
/// <param name="Weight">(in, out), in being (y, x, channel) flattened.</param>
/// <param name="Bias">(out).</param>
public sealed record DenseLayer(MapShape Input, MapShape Output, TensorSpec Weight, TensorSpec Bias) : LayerSpec(Input, Output)
{
    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Input.Length * Output.Length;
}
