using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>Input gradient of a convolution that a 2×2 max pooling follows: every window's winner spreads its gradient.</summary>
/// <remarks>
/// din[n, y, x, ci] = Σ dpooled[window, co] · w[ky, kx, ci, co] over the windows (y, x) and within each over co, both
/// ascending, as far as a winner reaches the pixel: one chain of fused multiply-adds from +0, without the terms whose
/// dpooled is 0. That is at most a quarter of the multiplications that the unpooled gradient would need, and far fewer
/// behind a rectifier.
/// </remarks>
/// <typeparam name="TLanes">A vector of input channels; their number is a multiple of its lanes.</typeparam>
internal sealed unsafe class PooledInputGradient<TLanes> : InputGradient
    where TLanes : struct, ILanes<TLanes>
{
    private readonly FeatureMap _pooledGradient;
    private readonly FeatureMap _winners;
    private readonly FeatureMap _inputGradient;
    private readonly FeatureMap _bordered;
    private readonly int _kernel;
    private readonly int _rowLength;
    private readonly AlignedBuffer _weight;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="pooledGradient">(n, y/2, x/2, co).</param>
    /// <param name="winners">Which pixel won, (n, y/2, x/2, co), see <see cref="MaxPooling"/>.</param>
    /// <param name="inputGradient">Receives (n, y, x, ci), without border.</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    /// <param name="padding">Padding of the convolution, the border of the map that the winners' offsets are for.</param>
    public PooledInputGradient(
        FeatureMap pooledGradient, FeatureMap winners, FeatureMap inputGradient, int kernel, int padding)
    {
        _pooledGradient = pooledGradient;
        _winners = winners;
        _inputGradient = inputGradient;
        _kernel = kernel;
        _rowLength = kernel * inputGradient.Shape.Channels;
        _bordered = padding > 0 ? new FeatureMap(inputGradient.Shape, 1, padding) : inputGradient;
        _weight = new AlignedBuffer(kernel * _rowLength * pooledGradient.Shape.Channels);
    }

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight)
    {
        // weight is (ky, kx, ci, co), packed is (co, ky, kx, ci)
        var channels = _pooledGradient.Shape.Channels;
        var terms = _kernel * _rowLength;
        for (var term = 0; term < terms; term++)
        {
            var row = weight.Slice(term * channels, channels);
            for (var co = 0; co < row.Length; co++)
            {
                _weight.Data[(co * terms) + term] = row[co];
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
            switch (_rowLength / TLanes.Count)
            {
                case 3: Spread<Rows3>(sample, sums); break;
                case 6: Spread<Rows6>(sample, sums); break;
                default: throw new NotSupportedException($"{_rowLength} weights in a row of the kernel");
            }

            for (var y = 0; _bordered.Border > 0 && y < _inputGradient.Shape.Height; y++)
            {
                new Span<float>(_bordered.Interior + (y * _bordered.RowStride), _inputGradient.RowStride)
                    .CopyTo(new Span<float>(output + (y * _inputGradient.RowStride), _inputGradient.RowStride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread<TVectors>(int sample, float* sums)
        where TVectors : struct, IRowCount
    {
        var channels = _pooledGradient.Shape.Channels;
        var values = _pooledGradient.Data + ((nint)sample * _pooledGradient.SampleStride);
        var winners = (int*)_winners.Data + ((nint)sample * _winners.SampleStride);
        nint row = _bordered.RowStride;
        var step = 2 * _bordered.Shape.Channels;
        for (var y = 0; y < _pooledGradient.Shape.Height; y++)
        {
            var window = sums + (2 * y * row);
            for (var x = 0; x < _pooledGradient.Shape.Width; x++)
            {
                var weight = _weight.Data;
                for (var co = 0; co < channels; co++)
                {
                    var gradient = values[co];
                    if (gradient == 0f)
                    {
                        weight += _kernel * _rowLength;
                        continue;
                    }

                    var value = TLanes.Broadcast(gradient);
                    var target = window + winners[co];
                    for (var ky = 0; ky < _kernel; ky++)
                    {
                        AddScaled<TVectors>(target, weight, value);
                        target += row;
                        weight += TVectors.Count * TLanes.Count;
                    }
                }

                values += channels;
                winners += channels;
                window += step;
            }
        }
    }

    /// <summary>target += weight · value over a row of the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled<TVectors>(float* target, float* weight, TLanes value)
        where TVectors : struct, IRowCount
    {
        AddScaled(target, weight, value);
        AddScaled(target + TLanes.Count, weight + TLanes.Count, value);
        AddScaled(target + (2 * TLanes.Count), weight + (2 * TLanes.Count), value);
        if (TVectors.Count > 3)
        {
            AddScaled(target + (3 * TLanes.Count), weight + (3 * TLanes.Count), value);
            AddScaled(target + (4 * TLanes.Count), weight + (4 * TLanes.Count), value);
            AddScaled(target + (5 * TLanes.Count), weight + (5 * TLanes.Count), value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(float* target, float* weight, TLanes value) =>
        TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(weight), value, TLanes.Load(target)), target);
}
