using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Plain loops that define what <see cref="BatchNormalization"/> and <see cref="ChannelSums"/> compute, to the bit, without
/// the rectifier.
/// </summary>
internal static class BatchNormalizationReference
{
    /// <summary>What a forward pass leaves for the backward pass, a value a channel.</summary>
    /// <param name="Mean">Mean that was subtracted.</param>
    /// <param name="Inverse">1 / √(variance + ε).</param>
    /// <param name="Scale">γ times <paramref name="Inverse"/>.</param>
    public sealed record Statistics(float[] Mean, float[] Inverse, float[] Scale);

    /// <summary>Forward pass with the statistics of the batch, which go to the contribution.</summary>
    /// <param name="layer">Shapes and tensors.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, channel).</param>
    /// <param name="state">The network's state vector.</param>
    /// <param name="output">Receives (n, y, x, channel).</param>
    /// <param name="contribution">Receives n · mean and n · unbiased variance.</param>
    public static Statistics Train(
        BatchNormalizationLayer layer, int samples, ReadOnlySpan<float> input, float[] state, Span<float> output, Span<float> contribution)
    {
        var channels = layer.Input.Channels;
        var elements = samples * layer.Input.Length;
        var count = (float)(elements / channels);
        var terms = input[..elements].ToArray();
        var mean = ChannelSum(terms, layer.Input.Length, channels, (x, _, sum) => x + sum);
        for (var c = 0; c < channels; c++)
        {
            mean[c] /= count;
            contribution[layer.RunningMean.Offset + c] = samples * mean[c];
        }

        var variance = ChannelSum(
            terms, layer.Input.Length, channels, (x, c, sum) => MathF.FusedMultiplyAdd(x - mean[c], x - mean[c], sum));
        for (var c = 0; c < channels; c++)
        {
            contribution[layer.RunningVariance.Offset + c] = samples * (variance[c] / MathF.Max(count - 1f, 1f));
            variance[c] /= count;
        }

        return Normalize(layer, input[..elements], state, mean, variance, output);
    }

    /// <summary>Forward pass with the running statistics.</summary>
    /// <param name="layer">Shapes and tensors.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, channel).</param>
    /// <param name="state">The network's state vector.</param>
    /// <param name="output">Receives (n, y, x, channel).</param>
    public static void Infer(BatchNormalizationLayer layer, int samples, ReadOnlySpan<float> input, float[] state, Span<float> output)
    {
        var mean = state.AsSpan(layer.RunningMean.Offset, layer.Input.Channels).ToArray();
        var variance = state.AsSpan(layer.RunningVariance.Offset, layer.Input.Channels).ToArray();
        Normalize(layer, input[..(samples * layer.Input.Length)], state, mean, variance, output);
    }

    /// <summary>Backward pass.</summary>
    /// <param name="layer">Shapes and tensors.</param>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, channel).</param>
    /// <param name="statistics">As <see cref="Train"/> returned them.</param>
    /// <param name="outputGradient">(n, y, x, channel).</param>
    /// <param name="inputGradient">Receives (n, y, x, channel).</param>
    /// <param name="contribution">Receives the gradients of γ and β.</param>
    public static void Backward(
        BatchNormalizationLayer layer,
        int samples,
        ReadOnlySpan<float> input,
        Statistics statistics,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        Span<float> contribution)
    {
        var channels = layer.Input.Channels;
        var elements = samples * layer.Input.Length;
        var count = (float)(elements / channels);
        var (mean, inverse, scale) = statistics;
        var dout = outputGradient[..elements].ToArray();
        var centred = new float[elements];
        for (var i = 0; i < elements; i++)
        {
            centred[i] = input[i] - mean[i % channels];
        }

        var betaGradient = ChannelSum(dout, layer.Input.Length, channels, (dy, _, sum) => dy + sum);
        var products = ChannelSum(dout, centred, layer.Input.Length, channels);
        for (var c = 0; c < channels; c++)
        {
            var gammaGradient = inverse[c] * products[c];
            contribution[layer.Weight.Offset + c] = gammaGradient;
            contribution[layer.Bias.Offset + c] = betaGradient[c];
            var u = -scale[c] * inverse[c] * gammaGradient / count;
            var v = MathF.FusedMultiplyAdd(-mean[c], u, -scale[c] * betaGradient[c] / count);
            for (var i = c; i < elements; i += channels)
            {
                inputGradient[i] = MathF.FusedMultiplyAdd(dout[i], scale[c], MathF.FusedMultiplyAdd(input[i], u, v));
            }
        }
    }

    /// <summary>Sums the elements of each channel in the order of <see cref="ChannelSums"/>.</summary>
    /// <param name="terms">(n, y, x, channel).</param>
    /// <param name="sampleLength">Elements of one sample.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="add">(element, channel, sum) → new sum.</param>
    public static float[] ChannelSum(float[] terms, int sampleLength, int channels, Func<float, int, float, float> add)
    {
        var chains = new float[ChannelSums.Chains];
        for (var i = 0; i < terms.Length; i++)
        {
            var chain = i % sampleLength % chains.Length;
            chains[chain] = add(terms[i], i % channels, chains[chain]);
        }

        return AddChains(chains, channels);
    }

    private static float[] ChannelSum(float[] a, float[] b, int sampleLength, int channels)
    {
        var chains = new float[ChannelSums.Chains];
        for (var i = 0; i < a.Length; i++)
        {
            var chain = i % sampleLength % chains.Length;
            chains[chain] = MathF.FusedMultiplyAdd(a[i], b[i], chains[chain]);
        }

        return AddChains(chains, channels);
    }

    private static float[] AddChains(float[] chains, int channels)
    {
        for (var half = chains.Length / 2; half >= channels; half /= 2)
        {
            chains = chains.Take(half).Zip(chains.Skip(half), (lower, upper) => lower + upper).ToArray();
        }

        return chains;
    }

    private static Statistics Normalize(
        BatchNormalizationLayer layer, ReadOnlySpan<float> input, float[] state, float[] mean, float[] variance, Span<float> output)
    {
        var channels = layer.Input.Channels;
        var inverse = new float[channels];
        var scale = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            inverse[c] = 1f / MathF.Sqrt(variance[c] + BatchNormalizationLayer.Epsilon);
            scale[c] = state[layer.Weight.Offset + c] * inverse[c];
            var shift = MathF.FusedMultiplyAdd(-mean[c], scale[c], state[layer.Bias.Offset + c]);
            for (var i = c; i < input.Length; i += channels)
            {
                output[i] = MathF.FusedMultiplyAdd(input[i], scale[c], shift);
            }
        }

        return new Statistics(mean, inverse, scale);
    }
}
