using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Outputs of a convolution of images, which have one channel, that a 2×2 max pooling follows.</summary>
/// <remarks>
/// <para>out[n, y, x, co] = initial[co] + Σ in[n, y + ky, x + kx] · w[ky, kx, co]: one chain of fused multiply-adds over (ky, kx), as in
/// <see cref="Correlation"/>, of which the largest of each window is kept.</para>
/// <para>With channels side by side, each product would need a pixel of its own in all lanes. Here windows lie side by side: the
/// image is split so that the pixels that one tap of neighbouring windows needs are neighbours, and the four elements of the windows are
/// sums of their own, so that each tap loads four vectors and a weight for each channel.</para>
/// </remarks>
/// <typeparam name="TLanes">A vector of windows; the windows of a sample are a multiple of its lanes.</typeparam>
internal sealed unsafe class PooledImageConvolution<TLanes> : PooledConvolutionForward
    where TLanes : struct, ILanes<TLanes>
{
    private readonly FeatureMap _input;
    private readonly FeatureMap _output;
    private readonly int _kernel;
    private readonly int _shift;
    private readonly int _parity;
    private readonly AlignedBuffer _split;
    private readonly AlignedBuffer _weight;
    private readonly AlignedBuffer _initial;
    private readonly AlignedBuffer _block;

    /// <summary>Prepares the convolution.</summary>
    /// <param name="input">(n, y, x), without border.</param>
    /// <param name="output">(n, y/2, x/2, co), without border; channels are a multiple of 8.</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    public PooledImageConvolution(FeatureMap input, FeatureMap output, int kernel)
    {
        (_input, _output, _kernel) = (input, output, kernel);

        // The rows of one parity have room behind them for the whole vectors that they are written in.
        _parity = AlignedBuffer.SampleStride((input.Shape.Height / 2 * output.Shape.Width) + Transposition.Size);
        _shift = 2 * _parity;
        _split = new AlignedBuffer((kernel + 1) * _shift);
        _weight = new AlignedBuffer(kernel * kernel * output.Shape.Channels);
        _initial = new AlignedBuffer(output.Shape.Channels);
        _block = new AlignedBuffer(2 * output.Shape.Channels * TLanes.Count);
    }

    private static int Group => TLanes.MaxAccumulators >= 16 ? 4 : 2;

    /// <summary>Whether the kernel can compute a convolution.</summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="output">Its pooled outputs.</param>
    public static bool Fits(ConvolutionLayer layer, FeatureMap output) =>
        layer.Input.Channels == 1
        && layer.Padding == 0
        && layer.Input.Height % 2 == 0
        && output.Border == 0
        && output.Shape.Height * output.Shape.Width % TLanes.Count == 0
        && output.Shape.Channels % Transposition.Size == 0;

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        // weight is (ky, kx, co), packed is (co / group, ky, kx, group)
        var (channels, taps) = (_output.Shape.Channels, _kernel * _kernel);
        for (var i = 0; i < weight.Length; i++)
        {
            var (tap, co) = Math.DivRem(i, channels);
            _weight.Data[(((co / Group * taps) + tap) * Group) + (co % Group)] = weight[i];
        }

        bias.CopyTo(_initial.Span);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunPooled(int samples, FeatureMap winners, ReadOnlySpan<int> windowOffsets)
    {
        var channels = _output.Shape.Channels;
        var windows = _output.Shape.Height * _output.Shape.Width;
        var pooled = _block.Data;
        var marks = pooled + (channels * TLanes.Count);
        for (var sample = 0; sample < samples; sample++)
        {
            Split(_input.Data + ((nint)sample * _input.SampleStride));
            var offset = (nint)sample * _output.SampleStride;
            for (var window = 0; window < windows; window += TLanes.Count)
            {
                for (var channel = 0; channel < channels; channel += Group)
                {
                    if (Group == 4)
                    {
                        Tile<Rows4>(window, channel, windowOffsets, pooled + (channel * TLanes.Count), marks + (channel * TLanes.Count));
                    }
                    else
                    {
                        Tile<Rows2>(window, channel, windowOffsets, pooled + (channel * TLanes.Count), marks + (channel * TLanes.Count));
                    }
                }

                Transpose(pooled, _output.Data + offset);
                Transpose(marks, winners.Data + offset);
                offset += TLanes.Count * channels;
            }
        }
    }

    /// <summary>From (channel, window) of one vector of windows to (window, channel).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(float* from, float* to)
    {
        var channels = _output.Shape.Channels;
        for (var channel = 0; channel < channels; channel += Transposition.Size)
        {
            for (var window = 0; window < TLanes.Count; window += Transposition.Size)
            {
                Transposition.Square(
                    from + (channel * TLanes.Count) + window, TLanes.Count, to + (window * channels) + channel, channels);
            }
        }
    }

    /// <summary>
    /// Splits an image into (shift, parity of y, y / 2, window x): the pixels (y, 2 · window x + shift), so that what a tap needs for
    /// all windows lies side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(float* image)
    {
        var (width, height, step) = (_output.Shape.Width, _input.Shape.Height, _input.RowStride);
        var split = _split.Data;
        for (var y = 0; y < height; y++)
        {
            var to = split + ((y & 1) * _parity) + (y / 2 * width);
            for (var shift = 0; shift <= _kernel; shift++)
            {
                for (var x = 0; x < width; x += Transposition.Size)
                {
                    Transposition.EveryOther(image + shift + (2 * x), to + x);
                }

                to += _shift;
            }

            image += step;
        }
    }

    /// <summary>Computes the four elements of a vector of windows for a group of channels, and keeps the largest of each window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile<TGroup>(int window, int channel, ReadOnlySpan<int> marks, float* pooled, float* winners)
        where TGroup : struct, IRowCount
    {
        var initial = _initial.Data + channel;
        var c00 = TLanes.Broadcast(initial[0]);
        var c01 = c00;
        var c02 = c00;
        var c03 = c00;
        var c10 = TLanes.Broadcast(initial[1]);
        var c11 = c10;
        var c12 = c10;
        var c13 = c10;
        var c20 = TGroup.Count > 2 ? TLanes.Broadcast(initial[2]) : default;
        var c21 = c20;
        var c22 = c20;
        var c23 = c20;
        var c30 = TGroup.Count > 2 ? TLanes.Broadcast(initial[3]) : default;
        var c31 = c30;
        var c32 = c30;
        var c33 = c30;
        var weight = _weight.Data + (channel * _kernel * _kernel);
        nint shift = _shift;
        for (var ky = 0; ky < _kernel; ky++)
        {
            var upper = _split.Data + window + ((ky & 1) * _parity) + (ky / 2 * _output.Shape.Width);
            var lower = _split.Data + window + ((~ky & 1) * _parity) + ((ky + 1) / 2 * _output.Shape.Width);
            for (var kx = _kernel; kx > 0; kx--)
            {
                var (e0, e1) = (TLanes.Load(upper), TLanes.Load(upper + shift));
                var (e2, e3) = (TLanes.Load(lower), TLanes.Load(lower + shift));
                AddScaled(*weight, e0, e1, e2, e3, ref c00, ref c01, ref c02, ref c03);
                AddScaled(weight[1], e0, e1, e2, e3, ref c10, ref c11, ref c12, ref c13);
                if (TGroup.Count > 2) { AddScaled(weight[2], e0, e1, e2, e3, ref c20, ref c21, ref c22, ref c23); }
                if (TGroup.Count > 2) { AddScaled(weight[3], e0, e1, e2, e3, ref c30, ref c31, ref c32, ref c33); }
                weight += TGroup.Count;
                upper += shift;
                lower += shift;
            }
        }

        MaxPooling.Select(c00, c01, c02, c03, marks, pooled, winners);
        MaxPooling.Select(c10, c11, c12, c13, marks, pooled + TLanes.Count, winners + TLanes.Count);
        if (TGroup.Count > 2)
        {
            MaxPooling.Select(c20, c21, c22, c23, marks, pooled + (2 * TLanes.Count), winners + (2 * TLanes.Count));
            MaxPooling.Select(c30, c31, c32, c33, marks, pooled + (3 * TLanes.Count), winners + (3 * TLanes.Count));
        }
    }

    /// <summary>Adds a weight's products to the four elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(
        float weight, TLanes e0, TLanes e1, TLanes e2, TLanes e3, ref TLanes c0, ref TLanes c1, ref TLanes c2, ref TLanes c3)
    {
        var value = TLanes.Broadcast(weight);
        TLanes.Accumulate(ref c0, e0, value);
        TLanes.Accumulate(ref c1, e1, value);
        TLanes.Accumulate(ref c2, e2, value);
        TLanes.Accumulate(ref c3, e3, value);
    }
}
