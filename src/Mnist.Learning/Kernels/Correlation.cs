using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Cross-correlation with stride 1 over a batch: the output of a convolution, and its input gradient too, which is the
/// correlation of the output gradient with the flipped kernel.
/// </summary>
/// <remarks>
/// <para>out[n, y, x, co] = initial[co] + Σ in[n, y + ky − p, x + kx − p, ci] · w[ky, kx, ci, co]: one chain of fused
/// multiply-adds over (ky, kx, ci) in ascending order that leaves out the taps beside the image.</para>
/// <para>A tile is the same pixel of several samples, so that all its rows have the same taps, and (kx, ci) is contiguous
/// in the image: there is no im2col and no work on zeros.</para>
/// </remarks>
internal abstract class Correlation : ConvolutionForward
{
    /// <summary>Packs the kernel (ky, kx, ci, co) to compute the gradient of (ci) inputs from that of (co) outputs.</summary>
    public abstract void PackFlipped(ReadOnlySpan<float> weight);
}

/// <inheritdoc cref="Correlation"/>
/// <typeparam name="TLanes">A vector of output channels.</typeparam>
internal sealed unsafe class Correlation<TLanes> : Correlation
    where TLanes : struct, ILanes<TLanes>
{
    private readonly FeatureMap _input;
    private readonly FeatureMap _output;
    private readonly int _kernel;
    private readonly int _padding;
    private readonly int _channelBlocks;
    private readonly AlignedBuffer _weight;
    private readonly AlignedBuffer _initial;
    private readonly AlignedBuffer _window;

    /// <summary>Prepares the correlation of two maps.</summary>
    /// <param name="input">What is read, (n, y, x, ci); its border is not.</param>
    /// <param name="output">What is written, (n, y, x, co), or (n, y/2, x/2, co) when it is pooled.</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    /// <param name="padding">Rows and columns that the input is thought to be extended by on each side.</param>
    public Correlation(FeatureMap input, FeatureMap output, int kernel, int padding)
    {
        _input = input;
        _output = output;
        _kernel = kernel;
        _padding = padding;
        _channelBlocks = (output.Shape.Channels + TLanes.Count - 1) / TLanes.Count;
        _weight = new AlignedBuffer(_channelBlocks * BlockLength);
        _initial = new AlignedBuffer(_channelBlocks * TLanes.Count);
        _window = new AlignedBuffer(4 * Product.MaxRows<TLanes>() * TLanes.Count);
    }

    private int TapLength => _input.Shape.Channels * TLanes.Count;

    private int BlockLength => _kernel * _kernel * TapLength;

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        // weight is (ky, kx, ci, co), packed is (co / lanes, ky, kx, ci, lanes)
        var outputs = _output.Shape.Channels;
        for (var block = 0; block < _channelBlocks; block++)
        {
            var first = block * TLanes.Count;
            var lanes = Math.Min(TLanes.Count, outputs - first);
            var packed = _weight.Span.Slice(block * BlockLength, BlockLength);
            for (var term = 0; term < weight.Length / outputs; term++)
            {
                weight.Slice((term * outputs) + first, lanes).CopyTo(packed[(term * TLanes.Count)..]);
            }
        }

        bias.CopyTo(_initial.Span);
    }

    /// <inheritdoc/>
    public override void PackFlipped(ReadOnlySpan<float> weight)
    {
        // weight is (ky, kx, ci, co), packed is (ci / lanes, K−1−ky, K−1−kx, co, lanes)
        var inputs = _output.Shape.Channels;
        var outputs = _input.Shape.Channels;
        var packed = _weight.Data;
        for (var tap = 0; tap < _kernel * _kernel; tap++)
        {
            var flipped = packed + (((_kernel * _kernel) - 1 - tap) * TapLength);
            for (var ci = 0; ci < inputs; ci++)
            {
                var lane = flipped + (ci / TLanes.Count * BlockLength) + (ci % TLanes.Count);
                var row = weight.Slice(((tap * inputs) + ci) * outputs, outputs);
                for (var co = 0; co < row.Length; co++)
                {
                    lane[co * TLanes.Count] = row[co];
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples)
    {
        ProductTile tile;
        tile.InitialRow = 0;
        tile.CRow = _output.SampleStride;
        var tiles = Product.Tiles<TLanes>(samples);
        for (var i = 0; i < tiles; i++)
        {
            var first = i * samples / tiles;
            var rows = ((i + 1) * samples / tiles) - first;
            for (var block = 0; block < _channelBlocks; block++)
            {
                for (var y = 0; y < _output.Shape.Height; y++)
                {
                    tile.C = _output.Interior + ((nint)first * _output.SampleStride) + (y * _output.RowStride) + (block * TLanes.Count);
                    for (var x = 0; x < _output.Shape.Width; x++)
                    {
                        Aim(&tile, first, block, y, x);
                        Product.Multiply<TLanes>(rows, &tile);
                        tile.C += _output.Shape.Channels;
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunPooled(int samples, FeatureMap winners, ReadOnlySpan<int> windowOffsets)
    {
        ProductTile tile;
        tile.InitialRow = 0;
        tile.CRow = TLanes.Count;
        var tiles = Product.Tiles<TLanes>(samples);
        for (var i = 0; i < tiles; i++)
        {
            var first = i * samples / tiles;
            var rows = ((i + 1) * samples / tiles) - first;
            for (var block = 0; block < _channelBlocks; block++)
            {
                for (var y = 0; y < _output.Shape.Height; y++)
                {
                    var offset = ((nint)first * _output.SampleStride) + (y * _output.RowStride) + (block * TLanes.Count);
                    for (var x = 0; x < _output.Shape.Width; x++)
                    {
                        tile.C = _window.Data;
                        for (var element = 0; element < 4; element++)
                        {
                            Aim(&tile, first, block, (2 * y) + (element >> 1), (2 * x) + (element & 1));
                            Product.Multiply<TLanes>(rows, &tile);
                            tile.C += rows * TLanes.Count;
                        }

                        MaxPooling.Select<TLanes>(
                            _window.Data, rows, _output.Data + offset, winners.Data + offset, _output.SampleStride, windowOffsets);
                        offset += _output.Shape.Channels;
                    }
                }
            }
        }
    }

    /// <summary>Points a tile at the operands of output pixel (y, x), skipping the taps outside of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Aim(ProductTile* tile, int sample, int block, int y, int x)
    {
        var top = y - _padding;
        var left = x - _padding;
        var firstY = Math.Max(0, -top);
        var firstX = Math.Max(0, -left);
        var lastY = Math.Min(_kernel, _input.Shape.Height - top);
        var lastX = Math.Min(_kernel, _input.Shape.Width - left);
        tile->A = _input.Interior + ((nint)sample * _input.SampleStride)
            + ((top + firstY) * _input.RowStride) + ((left + firstX) * _input.Shape.Channels);
        tile->ARow = _input.SampleStride;
        tile->ASegment = _input.RowStride;
        tile->B = _weight.Data + (block * BlockLength) + (((firstY * _kernel) + firstX) * TapLength);
        tile->BSegment = _kernel * TapLength;
        tile->Segments = lastY - firstY;
        tile->Run = (lastX - firstX) * _input.Shape.Channels;
        tile->Initial = _initial.Data + (block * TLanes.Count);
    }
}
