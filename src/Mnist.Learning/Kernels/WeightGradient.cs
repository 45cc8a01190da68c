using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Gradient of a loss with respect to a convolution's kernel, summed over the samples.</summary>
internal abstract unsafe class WeightGradient
{
    /// <summary>
    /// How many chains the gradient of a weight is where a pooling follows: window x belongs to chain x mod that number. Of images, eight
    /// output channels fill sixteen lanes in two windows.
    /// </summary>
    /// <param name="input">Shape of the convolution's input.</param>
    /// <param name="pooled">Shape of its pooled outputs.</param>
    public static int PooledChains(MapShape input, MapShape pooled) =>
        input.Channels == 1 && pooled.Channels == 8 && pooled.Width % 2 == 0 ? 2 : 1;

    /// <summary>Computes the gradient over the first samples.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="gradient">Receives (ky, kx, ci, co).</param>
    public abstract void Run(int samples, float* gradient);
}

/// <summary>Weight gradient of a convolution whose outputs are not pooled.</summary>
/// <remarks>
/// dw[ky, kx, ci, co] = Σ in[n, y + ky − p, x + kx − p, ci] · dout[n, y, x, co]: one chain of fused multiply-adds over
/// (n, y, x) in ascending order, in which pixels beside the image count as 0.
/// </remarks>
/// <typeparam name="TLanes">A vector of output channels; their number is a multiple of its lanes.</typeparam>
/// <param name="input">The convolution's input, (n, y, x, ci), with a border as wide as its padding.</param>
/// <param name="outputGradient">(n, y, x, co).</param>
/// <param name="kernel">Rows and columns of the kernel.</param>
internal sealed unsafe class WeightGradient<TLanes>(FeatureMap input, FeatureMap outputGradient, int kernel) : WeightGradient
    where TLanes : struct, ILanes<TLanes>
{
    // From this many pixels on, one sample's pass over a tile hides the cost of loading and storing its sums,
    // and what the tiles of a sample read stays in the first-level cache.
    private const int LargeMap = 64;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples, float* gradient)
    {
        if (outputGradient.Shape.Height * outputGradient.Shape.Width < LargeMap)
        {
            Run(0, samples, gradient);
            return;
        }

        for (var sample = 0; sample < samples; sample++)
        {
            Run(sample, 1, gradient);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int firstSample, int samples, float* gradient)
    {
        var channels = outputGradient.Shape.Channels;
        var rowLength = kernel * input.Shape.Channels;
        var tiles = Product.Tiles<TLanes>(rowLength);
        OuterProductTile tile;
        tile.APixel = input.Shape.Channels;
        tile.ARow = input.RowStride;
        tile.ASample = input.SampleStride;
        tile.BPixel = channels;
        tile.BRow = outputGradient.RowStride;
        tile.BSample = outputGradient.SampleStride;
        tile.Samples = samples;
        tile.Height = outputGradient.Shape.Height;
        tile.Width = outputGradient.Shape.Width;
        tile.CRow = channels;
        tile.Continue = firstSample > 0;
        for (var ky = 0; ky < kernel; ky++)
        {
            for (var i = 0; i < tiles; i++)
            {
                var first = i * rowLength / tiles;
                var rows = ((i + 1) * rowLength / tiles) - first;
                tile.A = input.Data + ((nint)firstSample * input.SampleStride) + (ky * input.RowStride) + first;
                for (var channel = 0; channel < channels; channel += TLanes.Count)
                {
                    tile.B = outputGradient.Data + ((nint)firstSample * outputGradient.SampleStride) + channel;
                    tile.C = gradient + (((ky * rowLength) + first) * channels) + channel;
                    OuterProduct.Accumulate<TLanes>(rows, &tile);
                }
            }
        }
    }
}
