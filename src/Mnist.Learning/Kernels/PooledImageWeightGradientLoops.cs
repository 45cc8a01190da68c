using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <content>The loop over a sample's windows: all sums of sixteen lanes stay in registers.</content>
internal sealed unsafe partial class PooledImageWeightGradient
{
    /// <summary>Adds a sample's part to the sums of sixteen channels, or of eight channels of both windows of a pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(int sample, int channel)
    {
        var sums = _sums.Data + channel;
        nint tap = TapLength;
        var sumRow = Kernel * tap;
        var (c00, c10, c20, c30, c40) = LoadColumn(sums, sumRow);
        var (c01, c11, c21, c31, c41) = LoadColumn(sums + tap, sumRow);
        var (c02, c12, c22, c32, c42) = LoadColumn(sums + (2 * tap), sumRow);
        var (c03, c13, c23, c33, c43) = LoadColumn(sums + (3 * tap), sumRow);
        var (c04, c14, c24, c34, c44) = LoadColumn(sums + (4 * tap), sumRow);

        var offset = ((nint)sample * _pooledGradient.SampleStride) + channel;
        var gradients = _pooledGradient.Data + offset;
        var winners = (int*)_winners.Data + offset;
        var pixels = _pixels.Data;
        nint row = _pairs * Lanes;

        // The second window of a pair finds its pixels two lanes later; sixteen channels of it come after those of the first one.
        var two = Vector256.Create(2);
        var firstShift = _takesPairs ? Vector512.Create(Vector256<int>.Zero, two) : Vector512<int>.Zero;
        var secondShift = _takesPairs ? firstShift : Vector512.Create(two, two);
        var count = _takesPairs ? _pairs : 2 * _pairs;
        for (var y = _pooledGradient.Shape.Height; y > 0; y--)
        {
            var window = pixels;
            var (shift, nextShift) = (firstShift, secondShift);
            for (var x = count; x > 0; x--)
            {
                var gradient = Vector512.Load(gradients);
                var lanes = Lane(Vector512.Load(winners)) + shift;
                AddColumn(window, row, lanes, gradient, ref c00, ref c10, ref c20, ref c30, ref c40);
                lanes += Vector512<int>.One;
                AddColumn(window, row, lanes, gradient, ref c01, ref c11, ref c21, ref c31, ref c41);
                lanes += Vector512<int>.One;
                AddColumn(window, row, lanes, gradient, ref c02, ref c12, ref c22, ref c32, ref c42);
                lanes += Vector512<int>.One;
                AddColumn(window, row, lanes, gradient, ref c03, ref c13, ref c23, ref c33, ref c43);
                lanes += Vector512<int>.One;
                AddColumn(window, row, lanes, gradient, ref c04, ref c14, ref c24, ref c34, ref c44);
                gradients += tap;
                winners += tap;
                (shift, nextShift) = (nextShift, shift);
                window += _takesPairs || x % 2 != 0 ? Lanes : 0;
            }

            pixels += 2 * row;
        }

        StoreColumn(sums, sumRow, c00, c10, c20, c30, c40);
        StoreColumn(sums + tap, sumRow, c01, c11, c21, c31, c41);
        StoreColumn(sums + (2 * tap), sumRow, c02, c12, c22, c32, c42);
        StoreColumn(sums + (3 * tap), sumRow, c03, c13, c23, c33, c43);
        StoreColumn(sums + (4 * tap), sumRow, c04, c14, c24, c34, c44);
    }
}
