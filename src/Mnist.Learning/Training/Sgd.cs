using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Stochastic gradient descent with momentum as PyTorch computes it (no dampening, no Nesterov), with L2 weight decay:
/// <code>
/// g = sum · gradientScale + weightDecay · w
/// b = momentum · b + g
/// w = w − learningRate · b
/// </code>
/// Separate single-precision operations in the order written, never fused: the same bits at any vector width.
/// </summary>
public readonly record struct Sgd
{
    private readonly float _gradientScale;
    private readonly float _weightDecay;
    private readonly float _momentum;
    private readonly float _learningRate;

    /// <summary>Takes the constants of a step.</summary>
    /// <param name="spec">Constants; β₁ is the momentum.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    /// <param name="gradientScale">What gradient sums are multiplied by: 1 / samples for their mean.</param>
    public Sgd(OptimizerSpec spec, float learningRate, float gradientScale)
    {
        _gradientScale = gradientScale;
        _weightDecay = spec.WeightDecay;
        _momentum = spec.Beta1;
        _learningRate = learningRate;
    }

    /// <summary>Updates parameters. All spans have the same length.</summary>
    /// <param name="parameters">Weights w, updated.</param>
    /// <param name="gradientSums">Sums of gradients over the samples of the step.</param>
    /// <param name="buffer">Momentum b, updated; 0 before the first step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradientSums, Span<float> buffer)
    {
        SpanLength.CheckEqual(parameters.Length, gradientSums.Length, buffer.Length);
        ref var w = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradientSums);
        ref var b = ref MemoryMarshal.GetReference(buffer);
        var gradientScale = new Vector<float>(_gradientScale);
        var weightDecay = new Vector<float>(_weightDecay);
        var momentum = new Vector<float>(_momentum);
        var learningRate = new Vector<float>(_learningRate);
        var i = 0;
        for (; i <= parameters.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = Vector.LoadUnsafe(ref w, (nuint)i);
            var gradient = (Vector.LoadUnsafe(ref g, (nuint)i) * gradientScale) + (weightDecay * weight);
            var velocity = (momentum * Vector.LoadUnsafe(ref b, (nuint)i)) + gradient;
            velocity.StoreUnsafe(ref b, (nuint)i);
            (weight - (learningRate * velocity)).StoreUnsafe(ref w, (nuint)i);
        }

        UpdateReference(parameters[i..], gradientSums[i..], buffer[i..]);
    }

    /// <summary>The same, one element at a time: the tail of the vector loop, and what it is tested against.</summary>
    /// <param name="parameters">Weights w, updated.</param>
    /// <param name="gradientSums">Sums of gradients over the samples of the step.</param>
    /// <param name="buffer">Momentum b, updated.</param>
    public void UpdateReference(Span<float> parameters, ReadOnlySpan<float> gradientSums, Span<float> buffer)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var gradient = (gradientSums[i] * _gradientScale) + (_weightDecay * parameters[i]);
            buffer[i] = (_momentum * buffer[i]) + gradient;
            parameters[i] -= _learningRate * buffer[i];
        }
    }
}
