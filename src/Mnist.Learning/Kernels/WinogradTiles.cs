using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The tiles of a convolution's outputs, counted through (sample, y, x), and their transforms. Some tiles at a time are transformed,
/// multiplied and transformed back, so that what lies between stays in the second-level cache: point by point of a tile,
/// (point, tile, channel).
/// </summary>
/// <typeparam name="TTile">The size of a tile.</typeparam>
/// <typeparam name="TLoads">Sixteen lanes, best for loads and additions.</typeparam>
internal readonly unsafe struct WinogradTiles<TTile, TLoads>
    where TTile : struct, IWinogradTile
    where TLoads : struct, ILanes<TLoads>
{
    /// <summary>Tiles that are worked on at a time: whole tiles of the product for any number of accumulators.</summary>
    public const int AtATime = 48;

    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Cuts outputs into tiles.</summary>
    /// <param name="layer">The convolution; its outputs are cut without a rest.</param>
    public WinogradTiles(ConvolutionLayer layer)
    {
        _rows = layer.Output.Height / TTile.Outputs;
        _columns = layer.Output.Width / TTile.Outputs;
    }

    /// <summary>Points of a tile, in both directions.</summary>
    public static int Points => TTile.Points * TTile.Points;

    /// <summary>Floats of a square of vectors with as many rows and columns as a tile has points.</summary>
    public static int SquareLength => Points * TLoads.Count;

    /// <summary>Tiles of a sample.</summary>
    public int PerSample => _rows * _columns;

    /// <summary>Floats from a point of the first tile to the next point: an odd number of cache lines.</summary>
    /// <param name="channels">Channels of a tile.</param>
    public static int PointStride(int channels) => AlignedBuffer.SampleStride(AtATime * channels);

    /// <summary>Where a tile is: its sample, and the first of its outputs.</summary>
    /// <param name="tile">Which one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Sample, int Y, int X) Locate(int tile)
    {
        var (sample, rest) = Math.DivRem(tile, PerSample);
        var (y, x) = Math.DivRem(rest, _columns);
        return (sample, y * TTile.Outputs, x * TTile.Outputs);
    }

    /// <summary>Transforms inputs to points.</summary>
    /// <param name="map">(n, y, x, channel), with a border as wide as the padding.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">Number of tiles.</param>
    /// <param name="points">Receives (point, tile, channel).</param>
    /// <typeparam name="TInputs">Lanes whose number divides that of the channels.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransformInputs<TInputs>(FeatureMap map, int first, int count, float* points)
        where TInputs : struct, ILanes<TInputs>
    {
        var channels = map.Shape.Channels;
        nint stride = PointStride(channels);
        for (var tile = 0; tile < count; tile++)
        {
            // The border is as wide as the padding: a tile's first input lies in the bordered map where its first output lies.
            var (sample, y, x) = Locate(first + tile);
            var from = map.Data + ((nint)sample * map.SampleStride) + (y * map.RowStride) + (x * channels);
            for (var channel = 0; channel < channels; channel += TInputs.Count)
            {
                TTile.Input<TInputs>(from + channel, map.RowStride, channels, points + channel, TTile.Points * stride, stride);
            }

            points += channels;
        }
    }

    /// <summary>Transforms the gradient of outputs to that of points.</summary>
    /// <param name="map">(n, y, x, channel), without border.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">Number of tiles.</param>
    /// <param name="points">Receives (point, tile, channel).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TransformOutputGradients(FeatureMap map, int first, int count, float* points)
    {
        var channels = map.Shape.Channels;
        nint stride = PointStride(channels);
        for (var tile = 0; tile < count; tile++)
        {
            var (sample, y, x) = Locate(first + tile);
            var from = map.Data + ((nint)sample * map.SampleStride) + (y * map.RowStride) + (x * channels);
            for (var channel = 0; channel < channels; channel += TLoads.Count)
            {
                TTile.OutputGradient<TLoads>(
                    from + channel, map.RowStride, channels, points + channel, TTile.Points * stride, stride);
            }

            points += channels;
        }
    }

    /// <summary>For every point, the product of some tiles with that point of the kernels: chains over inner channels from +0.</summary>
    /// <param name="count">Number of tiles.</param>
    /// <param name="a">(point, tile, inner).</param>
    /// <param name="inner">Channels that are summed over.</param>
    /// <param name="kernels">(point, outer / lanes, inner, lanes).</param>
    /// <param name="c">Receives (point, tile, outer).</param>
    /// <param name="outer">Channels of the result.</param>
    /// <typeparam name="TLanes">Sixteen lanes, best for products.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes>(int count, float* a, int inner, float* kernels, float* c, int outer)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var point = 0; point < Points; point++)
        {
            for (var channel = 0; channel < outer; channel += TLanes.Count)
            {
                WinogradProduct.Multiply<TLanes>(count, a, inner, kernels, c + channel, outer);
                kernels += inner * TLanes.Count;
            }

            a += PointStride(inner);
            c += PointStride(outer);
        }
    }
}
