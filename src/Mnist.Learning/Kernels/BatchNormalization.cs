using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Batch normalization with the rectifier that follows it: the output is max(0, γ · (x − mean) / √(variance + ε) + β).</summary>
/// <remarks>
/// <para>With m = n·H·W: mean = Σx / m and variance = Σ(x − mean)² / m, summed by <see cref="ChannelSums"/>; scale =
/// γ · (1 / √(variance + ε)); shift = fma(−mean, scale, β); output = fma(x, scale, shift), 0 where it is negative.</para>
/// <para>Backward, with dy = dout where the output is greater than 0, else 0, and r = 1 / √(variance + ε):
/// dβ = Σdy; dγ = r · Σ dy · (x − mean); dx = fma(dy, scale, fma(x, u, v)) with u = −scale · r · dγ / m and
/// v = fma(−mean, u, −scale · dβ / m).</para>
/// </remarks>
internal abstract unsafe class BatchNormalization
{
    /// <summary>Takes γ, β and the running statistics from a state vector.</summary>
    public abstract void LoadState(ReadOnlySpan<float> state);

    /// <summary>Forward pass with the statistics of the batch.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="contribution">Receives n · mean and n · unbiased variance; over a single element, the biased one.</param>
    public abstract void Train(int samples, float* contribution);

    /// <summary>Forward pass with the running statistics.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Infer(int samples);

    /// <summary>Backward pass after <see cref="Train"/>, in place.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="gradient">The gradient of the output, replaced by that of the input.</param>
    /// <param name="contribution">Receives the gradients of γ and β.</param>
    public abstract void Backward(int samples, FeatureMap gradient, float* contribution);
}

/// <inheritdoc cref="BatchNormalization"/>
/// <typeparam name="TLanes">A vector of 16 lanes.</typeparam>
internal sealed unsafe class BatchNormalization<TLanes> : BatchNormalization
    where TLanes : struct, ILanes<TLanes>
{
    private const int Chains = ChannelSums.Chains;

    private readonly BatchNormalizationLayer _layer;
    private readonly FeatureMap _input;
    private readonly FeatureMap _output;
    private readonly int _channels;
    private readonly AlignedBuffer _memory = new(11 * Chains);

    // Values of each channel, those of the passes over the map repeated to 64 lanes.
    private readonly float* _gamma;
    private readonly float* _beta;
    private readonly float* _runningMean;
    private readonly float* _runningVariance;
    private readonly float* _mean;
    private readonly float* _variance;
    private readonly float* _scale;
    private readonly float* _shift;
    private readonly float* _chains;
    private readonly float* _chains2;
    private readonly float* _inverse;

    /// <summary>Prepares the layer.</summary>
    /// <param name="layer">Where its tensors are.</param>
    /// <param name="input">x, (n, y, x, channel) without border; the elements of a sample are a multiple of 16.</param>
    /// <param name="output">The rectified output, with any border; the elements of a row are a multiple of 16 if it has one.</param>
    public BatchNormalization(BatchNormalizationLayer layer, FeatureMap input, FeatureMap output)
    {
        _layer = layer;
        _input = input;
        _output = output;
        _channels = input.Shape.Channels;
        _gamma = _memory.Data;
        _beta = _gamma + Chains;
        _runningMean = _beta + Chains;
        _runningVariance = _runningMean + Chains;
        _mean = _runningVariance + Chains;
        _variance = _mean + Chains;
        _scale = _variance + Chains;
        _shift = _scale + Chains;
        _chains = _shift + Chains;
        _chains2 = _chains + Chains;
        _inverse = _chains2 + Chains;
    }

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<float> state)
    {
        Take(state, _layer.Weight, _gamma);
        Take(state, _layer.Bias, _beta);
        Take(state, _layer.RunningMean, _runningMean);
        Take(state, _layer.RunningVariance, _runningVariance);
    }

    /// <inheritdoc/>
    public override void Infer(int samples)
    {
        PrepareScale(_runningMean, _runningVariance);
        Apply(samples);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Train(int samples, float* contribution)
    {
        var count = (float)(samples * _input.Shape.Height * _input.Shape.Width);
        ChannelSums.Sum<TLanes>(_input, samples, _mean);
        ChannelSums.Reduce(_mean, _channels);
        for (var c = 0; c < _channels; c++)
        {
            _mean[c] /= count;
            contribution[_layer.RunningMean.Offset + c] = samples * _mean[c];
        }

        Repeat(_mean);
        ChannelSums.SumSquares<TLanes>(_input, samples, _mean, _variance);
        ChannelSums.Reduce(_variance, _channels);
        for (var c = 0; c < _channels; c++)
        {
            contribution[_layer.RunningVariance.Offset + c] = samples * (_variance[c] / MathF.Max(count - 1f, 1f));
            _variance[c] /= count;
        }

        PrepareScale(_mean, _variance);
        Apply(samples);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int samples, FeatureMap gradient, float* contribution)
    {
        var count = (float)(samples * _input.Shape.Height * _input.Shape.Width);
        SumGradient(samples, gradient);
        ChannelSums.Reduce(_chains, _channels);
        ChannelSums.Reduce(_chains2, _channels);
        for (var c = 0; c < _channels; c++)
        {
            var gammaGradient = _inverse[c] * _chains2[c];
            contribution[_layer.Weight.Offset + c] = gammaGradient;
            contribution[_layer.Bias.Offset + c] = _chains[c];
            var u = -_scale[c] * _inverse[c] * gammaGradient / count;
            _chains[c] = MathF.FusedMultiplyAdd(-_mean[c], u, -_scale[c] * _chains[c] / count);
            _chains2[c] = u;
        }

        Repeat(_chains);
        Repeat(_chains2);
        ApplyGradient(samples, gradient);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ReadOnlySpan<float> state, TensorSpec tensor, float* destination) =>
        state.Slice(tensor.Offset, tensor.Length).CopyTo(new Span<float>(destination, Chains));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Repeat(float* values)
    {
        for (var i = _channels; i < Chains; i++)
        {
            values[i] = values[i - _channels];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PrepareScale(float* mean, float* variance)
    {
        for (var c = 0; c < _channels; c++)
        {
            _inverse[c] = 1f / MathF.Sqrt(variance[c] + BatchNormalizationLayer.Epsilon);
            _scale[c] = _gamma[c] * _inverse[c];
            _shift[c] = MathF.FusedMultiplyAdd(-mean[c], _scale[c], _beta[c]);
        }

        Repeat(_scale);
        Repeat(_shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(int samples)
    {
        // Without a border a sample is one long row.
        var rows = _output.Border > 0 ? _input.Shape.Height : 1;
        var length = _input.Shape.Length / rows;
        for (var sample = 0; sample < samples; sample++)
        {
            var from = _input.Data + ((nint)sample * _input.SampleStride);
            var to = _output.Interior + ((nint)sample * _output.SampleStride);
            for (var y = 0; y < rows; y++)
            {
                for (var e = 0; e < length; e += TLanes.Count)
                {
                    var lane = e % Chains;
                    var value = TLanes.MultiplyAdd(TLanes.Load(from + e), TLanes.Load(_scale + lane), TLanes.Load(_shift + lane));
                    TLanes.Store(TLanes.SelectIfGreater(TLanes.Zero, value, TLanes.Zero, value), to + e);
                }

                from += length;
                to += _output.RowStride;
            }
        }
    }

    /// <summary>Σdy into the first chains, Σ dy · (x − mean) into the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SumGradient(int samples, FeatureMap gradient)
    {
        new Span<float>(_chains, Chains).Clear();
        new Span<float>(_chains2, Chains).Clear();
        var length = _input.Shape.Length;
        for (var lane = 0; lane < Chains; lane += TLanes.Count)
        {
            var scale = TLanes.Load(_scale + lane);
            var shift = TLanes.Load(_shift + lane);
            var mean = TLanes.Load(_mean + lane);
            var sum = TLanes.Zero;
            var sum2 = TLanes.Zero;
            for (var sample = 0; sample < samples; sample++)
            {
                var x = _input.Data + ((nint)sample * _input.SampleStride);
                var dout = gradient.Data + ((nint)sample * gradient.SampleStride);
                for (var e = lane; e < length; e += Chains)
                {
                    var value = TLanes.Load(x + e);
                    var y = TLanes.MultiplyAdd(value, scale, shift);
                    var dy = TLanes.SelectIfGreater(y, TLanes.Zero, TLanes.Load(dout + e), TLanes.Zero);
                    sum = TLanes.Add(sum, dy);
                    sum2 = TLanes.MultiplyAdd(dy, TLanes.Subtract(value, mean), sum2);
                }
            }

            TLanes.Store(sum, _chains + lane);
            TLanes.Store(sum2, _chains2 + lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ApplyGradient(int samples, FeatureMap gradient)
    {
        var length = _input.Shape.Length;
        for (var sample = 0; sample < samples; sample++)
        {
            var x = _input.Data + ((nint)sample * _input.SampleStride);
            var dout = gradient.Data + ((nint)sample * gradient.SampleStride);
            for (var e = 0; e < length; e += TLanes.Count)
            {
                var lane = e % Chains;
                var value = TLanes.Load(x + e);
                var scale = TLanes.Load(_scale + lane);
                var y = TLanes.MultiplyAdd(value, scale, TLanes.Load(_shift + lane));
                var dy = TLanes.SelectIfGreater(y, TLanes.Zero, TLanes.Load(dout + e), TLanes.Zero);
                var rest = TLanes.MultiplyAdd(value, TLanes.Load(_chains2 + lane), TLanes.Load(_chains + lane));
                TLanes.Store(TLanes.MultiplyAdd(dy, scale, rest), dout + e);
            }
        }
    }
}
