using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Weight gradient of a convolution of images, which have one channel, by 5×5 kernels, that a 2×2 max pooling follows.</summary>
/// <remarks>
/// <para>dw[ky, kx, co] = Σ in[winner(n, y, x, co) + (ky, kx)] · dpooled[n, y, x, co]: the chains of
/// <see cref="PooledWeightGradient{TLanes}"/>.</para>
/// <para>The lanes are output channels, whose winners differ: a register holds the pixels of two rows that the four elements of two
/// windows beside each other need for all taps of a kernel's row, and a permutation picks each lane's. Eight channels of both windows
/// fill a register. So all products use all lanes, and no sum is ever turned around.</para>
/// </remarks>
internal sealed unsafe class PooledImageWeightGradient : WeightGradient
{
    private const int Kernel = 5;

    // A register of pixels: so many of a row, and as many of the next one.
    private const int Columns = 8;
    private const int Lanes = 2 * Columns;

    private readonly FeatureMap _input;
    private readonly FeatureMap _pooledGradient;
    private readonly FeatureMap _winners;
    private readonly int _channels;
    private readonly bool _takesPairs;
    private readonly int _pairs;
    private readonly AlignedBuffer _pixels;
    private readonly AlignedBuffer _sums;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="input">(n, y, x), without border.</param>
    /// <param name="pooledGradient">(n, y/2, x/2, co).</param>
    /// <param name="winners">Which pixel won, (n, y/2, x/2, co), see <see cref="MaxPooling"/>.</param>
    public PooledImageWeightGradient(FeatureMap input, FeatureMap pooledGradient, FeatureMap winners)
    {
        (_input, _pooledGradient, _winners) = (input, pooledGradient, winners);
        _channels = pooledGradient.Shape.Channels;
        _takesPairs = _channels == Columns;
        _pairs = pooledGradient.Shape.Width / 2;
        _pixels = new AlignedBuffer((input.Shape.Height - 1) * _pairs * Lanes);
        _sums = new AlignedBuffer(Kernel * Kernel * TapLength);
    }

    /// <summary>Floats from the sums of a tap to those of the next one.</summary>
    private int TapLength => Math.Max(_channels, Lanes);

    /// <summary>Whether the kernel can compute a convolution, and pays.</summary>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="input">The convolution's input.</param>
    /// <param name="pooledGradient">Gradient of its pooled outputs.</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    public static bool Fits(RegisterWidth width, FeatureMap input, FeatureMap pooledGradient, int kernel) =>
        width >= RegisterWidth.Bits512InHalves
        && kernel == Kernel
        && input.Shape.Channels == 1
        && input.Border == 0
        && pooledGradient.Shape.Width % 2 == 0
        && (2 * pooledGradient.Shape.Width) + 4 <= input.Shape.Width
        && (pooledGradient.Shape.Channels == Columns || pooledGradient.Shape.Channels % Lanes == 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples, float* gradient)
    {
        _sums.Span.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            GatherPixels(_input.Data + ((nint)sample * _input.SampleStride));
            for (var channel = 0; channel < _channels; channel += Lanes)
            {
                Accumulate(sample, channel);
            }
        }

        for (var i = 0; i < Kernel * Kernel * _channels; i++)
        {
            var (tap, channel) = Math.DivRem(i, _channels);
            var sum = _sums.Data + (tap * TapLength) + channel;
            gradient[i] = _takesPairs ? sum[0] + sum[Columns] : sum[0];
        }
    }

    /// <summary>Writes (y, pair of windows): the pixels that the pair needs of row y and of the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherPixels(float* image)
    {
        var to = _pixels.Data;
        nint row = _input.RowStride;
        for (var y = _input.Shape.Height - 1; y > 0; y--)
        {
            var from = image;
            for (var pair = _pairs; pair > 0; pair--)
            {
                Vector512.Create(Vector256.Load(from), Vector256.Load(from + row)).StoreAligned(to);
                from += 4;
                to += Lanes;
            }

            image += row;
        }
    }

    /// <summary>
    /// Adds a sample's part to the sums of sixteen channels, or of eight channels of both windows of a pair, which all stay in registers.
    /// </summary>
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

    /// <summary>The element of a window that won, as a lane of the register of pixels.</summary>
    /// <param name="winners">Offsets in the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<int> Lane(Vector512<int> winners) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(winners, Vector512<int>.One), winners + Vector512.Create(Columns - _input.RowStride), winners);

    /// <summary>Adds the products of a column of the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn(
        float* pixels,
        nint row,
        Vector512<int> lanes,
        Vector512<float> gradient,
        ref Vector512<float> c0,
        ref Vector512<float> c1,
        ref Vector512<float> c2,
        ref Vector512<float> c3,
        ref Vector512<float> c4)
    {
        c0 = Vector512.FusedMultiplyAdd(Pick(pixels, lanes), gradient, c0);
        c1 = Vector512.FusedMultiplyAdd(Pick(pixels + row, lanes), gradient, c1);
        c2 = Vector512.FusedMultiplyAdd(Pick(pixels + (2 * row), lanes), gradient, c2);
        c3 = Vector512.FusedMultiplyAdd(Pick(pixels + (3 * row), lanes), gradient, c3);
        c4 = Vector512.FusedMultiplyAdd(Pick(pixels + (4 * row), lanes), gradient, c4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pick(float* pixels, Vector512<int> lanes) =>
        Vector512.ShuffleNative(Vector512.LoadAligned(pixels), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> C0, Vector512<float> C1, Vector512<float> C2, Vector512<float> C3, Vector512<float> C4) LoadColumn(
        float* sums, nint row) =>
        (Vector512.Load(sums),
        Vector512.Load(sums + row),
        Vector512.Load(sums + (2 * row)),
        Vector512.Load(sums + (3 * row)),
        Vector512.Load(sums + (4 * row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumn(
        float* sums,
        nint row,
        Vector512<float> c0,
        Vector512<float> c1,
        Vector512<float> c2,
        Vector512<float> c3,
        Vector512<float> c4)
    {
        c0.Store(sums);
        c1.Store(sums + row);
        c2.Store(sums + (2 * row));
        c3.Store(sums + (3 * row));
        c4.Store(sums + (4 * row));
    }
}
