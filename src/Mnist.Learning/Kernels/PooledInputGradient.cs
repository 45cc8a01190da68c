using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Input gradient of a 3×3 convolution that a 2×2 max pooling follows: every window's winners spread their gradients.</summary>
/// <remarks>
/// <para>din[n, y, x, ci] = Σ dpooled[window, co] · w[ky, kx, ci, co] over the windows (y, x), within each over the element of the
/// window that won, and then over co, all ascending, as far as a winner reaches the pixel: one chain of fused multiply-adds from
/// +0, without the terms whose dpooled is 0. That is at most a quarter of the multiplications that the unpooled gradient would
/// need, and far fewer behind a rectifier.</para>
/// <para>The channels that the same element of a window won reach the same pixels, so that their sums stay in registers.</para>
/// </remarks>
/// <typeparam name="TLanes">A vector of input channels; their number is a multiple of its lanes.</typeparam>
internal sealed unsafe class PooledInputGradient<TLanes> : InputGradient
    where TLanes : struct, ILanes<TLanes>
{
    private const int KernelSize = 3;
    private const int Taps = KernelSize * KernelSize;

    private readonly FeatureMap _pooledGradient;
    private readonly FeatureMap _winners;
    private readonly FeatureMap _inputGradient;
    private readonly FeatureMap _bordered;
    private readonly AlignedBuffer _weight;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="pooledGradient">(n, y/2, x/2, co), up to 64 channels, in eights.</param>
    /// <param name="winners">Which pixel won, (n, y/2, x/2, co), see <see cref="MaxPooling"/>.</param>
    /// <param name="inputGradient">Receives (n, y, x, ci), without border.</param>
    /// <param name="kernel">Rows and columns of the kernel, 3.</param>
    /// <param name="padding">Padding of the convolution, the border of the map that the winners' offsets are for.</param>
    public PooledInputGradient(
        FeatureMap pooledGradient, FeatureMap winners, FeatureMap inputGradient, int kernel, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel, KernelSize);
        _pooledGradient = pooledGradient;
        _winners = winners;
        _inputGradient = inputGradient;
        _bordered = padding > 0 ? new FeatureMap(inputGradient.Shape, 1, padding) : inputGradient;
        _weight = new AlignedBuffer(Taps * inputGradient.Shape.Channels * pooledGradient.Shape.Channels);
    }

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight)
    {
        // weight is (ky, kx, ci, co), packed is (ci / lanes, co, ky, kx, lanes)
        var (inputs, outputs) = (_inputGradient.Shape.Channels, _pooledGradient.Shape.Channels);
        for (var tap = 0; tap < Taps; tap++)
        {
            for (var ci = 0; ci < inputs; ci++)
            {
                var (block, lane) = Math.DivRem(ci, TLanes.Count);
                var to = _weight.Data + (((block * outputs * Taps) + tap) * TLanes.Count) + lane;
                foreach (var value in weight.Slice(((tap * inputs) + ci) * outputs, outputs))
                {
                    *to = value;
                    to += Taps * TLanes.Count;
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            var output = _inputGradient.Data + ((nint)sample * _inputGradient.SampleStride);
            var sums = _bordered.Border > 0 ? _bordered.Data : output;
            var height = _inputGradient.Shape.Height + (2 * _bordered.Border);
            new Span<float>(sums, height * _bordered.RowStride).Clear();
            for (var channel = 0; channel < _inputGradient.Shape.Channels; channel += TLanes.Count)
            {
                Spread(sample, channel, sums + channel);
            }

            for (var y = 0; _bordered.Border > 0 && y < _inputGradient.Shape.Height; y++)
            {
                new Span<float>(_bordered.Interior + (y * _bordered.RowStride), _inputGradient.RowStride)
                    .CopyTo(new Span<float>(output + (y * _inputGradient.RowStride), _inputGradient.RowStride));
            }
        }
    }

    /// <summary>Which of up to 64 channels a pixel won with a gradient other than 0, as a set of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Won(int* winners, float* gradients, int channels, int offset)
    {
        var set = 0ul;
        for (var co = 0; co < channels; co += Vector256<int>.Count)
        {
            var zero = Vector256.Equals(Vector256.Load(gradients + co), Vector256<float>.Zero).AsInt32();
            var won = Vector256.AndNot(Vector256.Equals(Vector256.Load(winners + co), Vector256.Create(offset)), zero);
            set |= (ulong)won.ExtractMostSignificantBits() << co;
        }

        return set;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(int sample, int channel, float* sums)
    {
        var channels = _pooledGradient.Shape.Channels;
        var gradients = _pooledGradient.Data + ((nint)sample * _pooledGradient.SampleStride);
        var winners = (int*)_winners.Data + ((nint)sample * _winners.SampleStride);
        var weight = _weight.Data + (channel * channels * Taps);
        var row = _bordered.RowStride;
        var pixel = _bordered.Shape.Channels;
        for (var y = 0; y < _pooledGradient.Shape.Height; y++)
        {
            var window = sums + (2 * y * row);
            for (var x = 0; x < _pooledGradient.Shape.Width; x++)
            {
                AddWindow(
                    window, row, pixel, weight, gradients,
                    Won(winners, gradients, channels, 0),
                    Won(winners, gradients, channels, pixel),
                    Won(winners, gradients, channels, row),
                    Won(winners, gradients, channels, row + pixel));
                gradients += channels;
                winners += channels;
                window += 2 * pixel;
            }
        }
    }

    /// <summary>Adds what a window's winners spread to the 4×4 pixels that they reach, whose sums stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddWindow(
        float* row0, nint row, nint pixel, float* weight, float* gradients, ulong won0, ulong won1, ulong won2, ulong won3)
    {
        var row1 = row0 + row;
        var row2 = row1 + row;
        var row3 = row2 + row;
        var (c00, c01, c02, c03) = LoadPixels(row0, pixel);
        var (c10, c11, c12, c13) = LoadPixels(row1, pixel);
        var (c20, c21, c22, c23) = LoadPixels(row2, pixel);
        var (c30, c31, c32, c33) = LoadPixels(row3, pixel);
        AddWinners(won0, weight, gradients, ref c00, ref c01, ref c02, ref c10, ref c11, ref c12, ref c20, ref c21, ref c22);
        AddWinners(won1, weight, gradients, ref c01, ref c02, ref c03, ref c11, ref c12, ref c13, ref c21, ref c22, ref c23);
        AddWinners(won2, weight, gradients, ref c10, ref c11, ref c12, ref c20, ref c21, ref c22, ref c30, ref c31, ref c32);
        AddWinners(won3, weight, gradients, ref c11, ref c12, ref c13, ref c21, ref c22, ref c23, ref c31, ref c32, ref c33);
        StorePixels(row0, pixel, c00, c01, c02, c03);
        StorePixels(row1, pixel, c10, c11, c12, c13);
        StorePixels(row2, pixel, c20, c21, c22, c23);
        StorePixels(row3, pixel, c30, c31, c32, c33);
    }

    /// <summary>Adds what one element of a window spreads, for each channel that it won, to the 3×3 pixels that it reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWinners(
        ulong won, float* weight, float* gradients,
        ref TLanes c00, ref TLanes c01, ref TLanes c02,
        ref TLanes c10, ref TLanes c11, ref TLanes c12,
        ref TLanes c20, ref TLanes c21, ref TLanes c22)
    {
        for (; won != 0; won &= won - 1)
        {
            var taps = KernelOf(weight, won);
            var gradient = GradientOf(gradients, won);
            TLanes.Accumulate(ref c00, taps, gradient);
            TLanes.Accumulate(ref c01, taps + TLanes.Count, gradient);
            TLanes.Accumulate(ref c02, taps + (2 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c10, taps + (3 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c11, taps + (4 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c12, taps + (5 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c20, taps + (6 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c21, taps + (7 * TLanes.Count), gradient);
            TLanes.Accumulate(ref c22, taps + (8 * TLanes.Count), gradient);
        }
    }

    /// <summary>The kernel of the first channel of a set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* KernelOf(float* weight, ulong set) =>
        weight + ((nint)BitOperations.TrailingZeroCount(set) * (Taps * TLanes.Count));

    /// <summary>The gradient of the first channel of a set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes GradientOf(float* gradients, ulong set) => TLanes.Broadcast(gradients[BitOperations.TrailingZeroCount(set)]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TLanes C0, TLanes C1, TLanes C2, TLanes C3) LoadPixels(float* from, nint pixel) =>
        (TLanes.Load(from), TLanes.Load(from + pixel), TLanes.Load(from + (2 * pixel)), TLanes.Load(from + (3 * pixel)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePixels(float* to, nint pixel, TLanes c0, TLanes c1, TLanes c2, TLanes c3)
    {
        TLanes.Store(c0, to);
        TLanes.Store(c1, to + pixel);
        TLanes.Store(c2, to + (2 * pixel));
        TLanes.Store(c3, to + (3 * pixel));
    }
}
