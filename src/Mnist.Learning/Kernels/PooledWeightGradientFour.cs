using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <content>
/// Kernels of five rows of one vector each, those of the images: a channel's five sums alone would wait for each other, as a product takes
/// four cycles to be added and two of them begin in each.
/// </content>
internal sealed unsafe partial class PooledWeightGradient<TLanes>
{
    private const int Rows = 5;

    /// <summary>Whether the sums of four channels fit into registers.</summary>
    private bool FitsFourChannels => _isImage && _kernel == Rows && _vectors == 1 && TLanes.MaxAccumulators >= 4 * Rows;

    /// <summary>Adds one sample's part to a chain's sums of four channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AccumulateFour(int sample, int chain, int channel)
    {
        var sums = _sums.Data + (chain * _chainLength) + (channel * Rows * TLanes.Count);
        var (c00, c01, c02, c03, c04) = LoadRows(sums);
        var (c10, c11, c12, c13, c14) = LoadRows(sums + (Rows * TLanes.Count));
        var (c20, c21, c22, c23, c24) = LoadRows(sums + (2 * Rows * TLanes.Count));
        var (c30, c31, c32, c33, c34) = LoadRows(sums + (3 * Rows * TLanes.Count));

        var channels = _pooledGradient.Shape.Channels;
        var offset = ((nint)sample * _pooledGradient.SampleStride) + (chain * channels) + channel;
        var gradients = _pooledGradient.Data + offset;
        var winners = (int*)_winners.Data + offset;
        var inputs = _input.Data + ((nint)sample * _input.SampleStride);
        nint row = _input.RowStride;
        var step = _chains * 2 * _input.Shape.Channels;
        var stride = _chains * channels;
        inputs += chain * 2 * _input.Shape.Channels;
        for (var y = 0; y < _pooledGradient.Shape.Height; y++)
        {
            var window = inputs;
            for (var x = _pooledGradient.Shape.Width / _chains; x > 0; x--)
            {
                AddScaled(*gradients, window + *winners, row, ref c00, ref c01, ref c02, ref c03, ref c04);
                AddScaled(gradients[1], window + winners[1], row, ref c10, ref c11, ref c12, ref c13, ref c14);
                AddScaled(gradients[2], window + winners[2], row, ref c20, ref c21, ref c22, ref c23, ref c24);
                AddScaled(gradients[3], window + winners[3], row, ref c30, ref c31, ref c32, ref c33, ref c34);
                gradients += stride;
                winners += stride;
                window += step;
            }

            inputs += 2 * row;
        }

        StoreRows(sums, c00, c01, c02, c03, c04);
        StoreRows(sums + (Rows * TLanes.Count), c10, c11, c12, c13, c14);
        StoreRows(sums + (2 * Rows * TLanes.Count), c20, c21, c22, c23, c24);
        StoreRows(sums + (3 * Rows * TLanes.Count), c30, c31, c32, c33, c34);
    }

    /// <summary>Adds five rows of pixels times a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(
        float gradient, float* pixel, nint row, ref TLanes c0, ref TLanes c1, ref TLanes c2, ref TLanes c3, ref TLanes c4)
    {
        var value = TLanes.Broadcast(gradient);
        TLanes.Accumulate(ref c0, pixel, value);
        TLanes.Accumulate(ref c1, pixel + row, value);
        TLanes.Accumulate(ref c2, pixel + (2 * row), value);
        TLanes.Accumulate(ref c3, pixel + (3 * row), value);
        TLanes.Accumulate(ref c4, pixel + (4 * row), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes C0, TLanes C1, TLanes C2, TLanes C3, TLanes C4) LoadRows(float* sums) =>
        (TLanes.Load(sums),
        TLanes.Load(sums + TLanes.Count),
        TLanes.Load(sums + (2 * TLanes.Count)),
        TLanes.Load(sums + (3 * TLanes.Count)),
        TLanes.Load(sums + (4 * TLanes.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRows(float* sums, TLanes c0, TLanes c1, TLanes c2, TLanes c3, TLanes c4)
    {
        TLanes.Store(c0, sums);
        TLanes.Store(c1, sums + TLanes.Count);
        TLanes.Store(c2, sums + (2 * TLanes.Count));
        TLanes.Store(c3, sums + (3 * TLanes.Count));
        TLanes.Store(c4, sums + (4 * TLanes.Count));
    }
}
