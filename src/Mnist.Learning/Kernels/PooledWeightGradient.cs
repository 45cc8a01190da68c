using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>Weight gradient of a convolution that a 2×2 max pooling follows: only the pixels that won a window count.</summary>
/// <remarks>
/// <para>dw[ky, kx, ci, co] = Σ in[winner(n, y, x, co) + (ky, kx), ci] · dpooled[n, y, x, co]: one chain of fused multiply-adds
/// over the windows (n, y, x) in ascending order, in which pixels beside the image count as 0; where the input has several channels
/// without the terms whose dpooled is 0. Where there are two <see cref="WeightGradient.PooledChains"/> they are added at the end.</para>
/// <para>The lanes are (kx, ci), contiguous in the image: every output channel has winners of its own. That is a quarter
/// of the multiplications that the unpooled gradient, three quarters of it zeros, would need.</para>
/// </remarks>
/// <typeparam name="TLanes">A vector of (kx, ci).</typeparam>
internal sealed unsafe class PooledWeightGradient<TLanes> : WeightGradient
    where TLanes : struct, ILanes<TLanes>
{
    private readonly FeatureMap _input;
    private readonly FeatureMap _pooledGradient;
    private readonly FeatureMap _winners;
    private readonly int _chains;
    private readonly int _chainWidth;
    private readonly bool _isImage;
    private readonly int _kernel;
    private readonly int _rowLength;
    private readonly int _vectors;
    private readonly int _chainLength;
    private readonly AlignedBuffer _sums;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="input">The convolution's input, (n, y, x, ci), with a border as wide as its padding.</param>
    /// <param name="pooledGradient">(n, y/2, x/2, co).</param>
    /// <param name="winners">Which pixel won, (n, y/2, x/2, co), see <see cref="MaxPooling"/>.</param>
    /// <param name="kernel">Rows and columns of the kernel.</param>
    public PooledWeightGradient(FeatureMap input, FeatureMap pooledGradient, FeatureMap winners, int kernel)
    {
        _input = input;
        _pooledGradient = pooledGradient;
        _winners = winners;
        _chains = PooledChains(input.Shape, pooledGradient.Shape);
        _chainWidth = pooledGradient.Shape.Width / _chains;
        _isImage = input.Shape.Channels == 1;
        _kernel = kernel;
        _rowLength = kernel * input.Shape.Channels;
        _vectors = (_rowLength + TLanes.Count - 1) / TLanes.Count;
        _chainLength = pooledGradient.Shape.Channels * kernel * _vectors * TLanes.Count;
        _sums = new AlignedBuffer(_chains * _chainLength);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples, float* gradient)
    {
        // Sums are (chain, co, ky, kx·ci in whole vectors); a sample's pass over a channel holds them in registers.
        _sums.Span.Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            for (var chain = 0; chain < _chains; chain++)
            {
                for (var channel = 0; channel < _pooledGradient.Shape.Channels; channel++)
                {
                    Accumulate(sample, chain, channel);
                }
            }
        }

        var channels = _pooledGradient.Shape.Channels;
        var sums = _sums.Data;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var ky = 0; ky < _kernel; ky++)
            {
                for (var term = 0; term < _rowLength; term++)
                {
                    gradient[(((ky * _rowLength) + term) * channels) + channel] =
                        _chains == 1 ? sums[term] : sums[term] + sums[_chainLength + term];
                }

                sums += _vectors * TLanes.Count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(int sample, int chain, int channel)
    {
        if (_kernel * _vectors <= TLanes.MaxAccumulators)
        {
            switch (_kernel, _vectors)
            {
                case (3, 3): Accumulate<Rows3, Rows3>(sample, chain, channel, 0, 0); return;
                case (3, 6): Accumulate<Rows3, Rows6>(sample, chain, channel, 0, 0); return;
                case (5, 1): Accumulate<Rows5, Rows1>(sample, chain, channel, 0, 0); return;
            }
        }

        for (var ky = 0; ky < _kernel; ky++)
        {
            var vector = 0;
            for (; TLanes.MaxAccumulators >= 6 && vector + 6 <= _vectors; vector += 6)
            {
                Accumulate<Rows1, Rows6>(sample, chain, channel, ky, vector);
            }

            for (; vector + 3 <= _vectors; vector += 3)
            {
                Accumulate<Rows1, Rows3>(sample, chain, channel, ky, vector);
            }

            for (; vector < _vectors; vector++)
            {
                Accumulate<Rows1, Rows1>(sample, chain, channel, ky, vector);
            }
        }
    }

    /// <summary>Adds one sample's part to a chain's sums of some rows and vectors of one channel's kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate<TRows, TVectors>(int sample, int chain, int channel, int ky, int vector)
        where TRows : struct, IRowCount
        where TVectors : struct, IRowCount
    {
        var sums = _sums.Data + (chain * _chainLength) + (((((channel * _kernel) + ky) * _vectors) + vector) * TLanes.Count);
        var c0 = TLanes.Load(sums + (0 * TLanes.Count));
        var c1 = TRows.Count * TVectors.Count > 1 ? TLanes.Load(sums + (1 * TLanes.Count)) : default;
        var c2 = TRows.Count * TVectors.Count > 2 ? TLanes.Load(sums + (2 * TLanes.Count)) : default;
        var c3 = TRows.Count * TVectors.Count > 3 ? TLanes.Load(sums + (3 * TLanes.Count)) : default;
        var c4 = TRows.Count * TVectors.Count > 4 ? TLanes.Load(sums + (4 * TLanes.Count)) : default;
        var c5 = TRows.Count * TVectors.Count > 5 ? TLanes.Load(sums + (5 * TLanes.Count)) : default;
        var c6 = TRows.Count * TVectors.Count > 6 ? TLanes.Load(sums + (6 * TLanes.Count)) : default;
        var c7 = TRows.Count * TVectors.Count > 7 ? TLanes.Load(sums + (7 * TLanes.Count)) : default;
        var c8 = TRows.Count * TVectors.Count > 8 ? TLanes.Load(sums + (8 * TLanes.Count)) : default;
        var c9 = TRows.Count * TVectors.Count > 9 ? TLanes.Load(sums + (9 * TLanes.Count)) : default;
        var c10 = TRows.Count * TVectors.Count > 10 ? TLanes.Load(sums + (10 * TLanes.Count)) : default;
        var c11 = TRows.Count * TVectors.Count > 11 ? TLanes.Load(sums + (11 * TLanes.Count)) : default;
        var c12 = TRows.Count * TVectors.Count > 12 ? TLanes.Load(sums + (12 * TLanes.Count)) : default;
        var c13 = TRows.Count * TVectors.Count > 13 ? TLanes.Load(sums + (13 * TLanes.Count)) : default;
        var c14 = TRows.Count * TVectors.Count > 14 ? TLanes.Load(sums + (14 * TLanes.Count)) : default;
        var c15 = TRows.Count * TVectors.Count > 15 ? TLanes.Load(sums + (15 * TLanes.Count)) : default;
        var c16 = TRows.Count * TVectors.Count > 16 ? TLanes.Load(sums + (16 * TLanes.Count)) : default;
        var c17 = TRows.Count * TVectors.Count > 17 ? TLanes.Load(sums + (17 * TLanes.Count)) : default;

        var channels = _pooledGradient.Shape.Channels;
        var offset = ((nint)sample * _pooledGradient.SampleStride) + (chain * channels) + channel;
        var values = _pooledGradient.Data + offset;
        var winners = (int*)_winners.Data + offset;
        var inputs = _input.Data + ((nint)sample * _input.SampleStride) + (ky * _input.RowStride) + (vector * TLanes.Count);
        nint row = _input.RowStride;
        var step = _chains * 2 * _input.Shape.Channels;
        var stride = _chains * channels;
        var width = _chainWidth;

        // Nothing equals NaN: of images, no term is left out.
        var leftOut = _isImage ? float.NaN : 0f;
        inputs += chain * 2 * _input.Shape.Channels;
        for (var y = 0; y < _pooledGradient.Shape.Height; y++)
        {
            var window = inputs;
            for (var x = width; x > 0; x--)
            {
                var gradient = *values;
                if (gradient != leftOut)
                {
                    var value = TLanes.Broadcast(gradient);
                    var pixel = window + *winners;
                    TLanes.Accumulate(ref c0, pixel, value);
                    if (TRows.Count * TVectors.Count > 1) { TLanes.Accumulate(ref c1, Tap<TVectors>(pixel, row, 1), value); }
                    if (TRows.Count * TVectors.Count > 2) { TLanes.Accumulate(ref c2, Tap<TVectors>(pixel, row, 2), value); }
                    if (TRows.Count * TVectors.Count > 3) { TLanes.Accumulate(ref c3, Tap<TVectors>(pixel, row, 3), value); }
                    if (TRows.Count * TVectors.Count > 4) { TLanes.Accumulate(ref c4, Tap<TVectors>(pixel, row, 4), value); }
                    if (TRows.Count * TVectors.Count > 5) { TLanes.Accumulate(ref c5, Tap<TVectors>(pixel, row, 5), value); }
                    if (TRows.Count * TVectors.Count > 6) { TLanes.Accumulate(ref c6, Tap<TVectors>(pixel, row, 6), value); }
                    if (TRows.Count * TVectors.Count > 7) { TLanes.Accumulate(ref c7, Tap<TVectors>(pixel, row, 7), value); }
                    if (TRows.Count * TVectors.Count > 8) { TLanes.Accumulate(ref c8, Tap<TVectors>(pixel, row, 8), value); }
                    if (TRows.Count * TVectors.Count > 9) { TLanes.Accumulate(ref c9, Tap<TVectors>(pixel, row, 9), value); }
                    if (TRows.Count * TVectors.Count > 10) { TLanes.Accumulate(ref c10, Tap<TVectors>(pixel, row, 10), value); }
                    if (TRows.Count * TVectors.Count > 11) { TLanes.Accumulate(ref c11, Tap<TVectors>(pixel, row, 11), value); }
                    if (TRows.Count * TVectors.Count > 12) { TLanes.Accumulate(ref c12, Tap<TVectors>(pixel, row, 12), value); }
                    if (TRows.Count * TVectors.Count > 13) { TLanes.Accumulate(ref c13, Tap<TVectors>(pixel, row, 13), value); }
                    if (TRows.Count * TVectors.Count > 14) { TLanes.Accumulate(ref c14, Tap<TVectors>(pixel, row, 14), value); }
                    if (TRows.Count * TVectors.Count > 15) { TLanes.Accumulate(ref c15, Tap<TVectors>(pixel, row, 15), value); }
                    if (TRows.Count * TVectors.Count > 16) { TLanes.Accumulate(ref c16, Tap<TVectors>(pixel, row, 16), value); }
                    if (TRows.Count * TVectors.Count > 17) { TLanes.Accumulate(ref c17, Tap<TVectors>(pixel, row, 17), value); }
                }

                values += stride;
                winners += stride;
                window += step;
            }

            inputs += 2 * row;
        }

        TLanes.Store(c0, sums);
        if (TRows.Count * TVectors.Count > 1) { TLanes.Store(c1, sums + (1 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 2) { TLanes.Store(c2, sums + (2 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 3) { TLanes.Store(c3, sums + (3 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 4) { TLanes.Store(c4, sums + (4 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 5) { TLanes.Store(c5, sums + (5 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 6) { TLanes.Store(c6, sums + (6 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 7) { TLanes.Store(c7, sums + (7 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 8) { TLanes.Store(c8, sums + (8 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 9) { TLanes.Store(c9, sums + (9 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 10) { TLanes.Store(c10, sums + (10 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 11) { TLanes.Store(c11, sums + (11 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 12) { TLanes.Store(c12, sums + (12 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 13) { TLanes.Store(c13, sums + (13 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 14) { TLanes.Store(c14, sums + (14 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 15) { TLanes.Store(c15, sums + (15 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 16) { TLanes.Store(c16, sums + (16 * TLanes.Count)); }
        if (TRows.Count * TVectors.Count > 17) { TLanes.Store(c17, sums + (17 * TLanes.Count)); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Tap<TVectors>(float* pixel, nint row, int index)
        where TVectors : struct, IRowCount =>
        pixel + (index / TVectors.Count * row) + (index % TVectors.Count * TLanes.Count);
}
