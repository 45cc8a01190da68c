using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) as PyTorch computes it, with L2 weight decay added to the gradient:
/// <code>
/// g = sum · gradientScale + weightDecay · w
/// m = β₁ · m + (1 − β₁) · g
/// v = β₂ · v + (1 − β₂) · (g · g)
/// w = w − stepSize · m / (√v · inverseRootBias + ε)
/// </code>
/// Every operation is a separate single-precision one, never fused, in the order written. Each is correctly rounded, so
/// the vector loop, its scalar tail and the reference give the same bits at any vector width. The constants of a
/// step are computed once, in double precision, and rounded to single.
/// </summary>
public readonly record struct Adam
{
    private readonly float _gradientScale;
    private readonly float _weightDecay;
    private readonly float _beta1;
    private readonly float _oneMinusBeta1;
    private readonly float _beta2;
    private readonly float _oneMinusBeta2;
    private readonly float _stepSize;
    private readonly float _inverseRootBias;
    private readonly float _epsilon;

    /// <summary>Computes the constants of a step.</summary>
    /// <param name="spec">Adam's constants.</param>
    /// <param name="learningRate">Learning rate of the step.</param>
    /// <param name="step">Step of the run, from 0.</param>
    /// <param name="gradientScale">What gradient sums are multiplied by: 1 / samples for their mean.</param>
    public Adam(OptimizerSpec spec, float learningRate, long step, float gradientScale)
    {
        var bias1 = 1 - PortableMath.Power(spec.Beta1, step + 1);
        var bias2 = 1 - PortableMath.Power(spec.Beta2, step + 1);
        _gradientScale = gradientScale;
        _weightDecay = spec.WeightDecay;
        _beta1 = spec.Beta1;
        _oneMinusBeta1 = (float)(1 - (double)spec.Beta1);
        _beta2 = spec.Beta2;
        _oneMinusBeta2 = (float)(1 - (double)spec.Beta2);
        _stepSize = (float)(learningRate / bias1);
        _inverseRootBias = (float)(1 / Math.Sqrt(bias2));
        _epsilon = spec.Epsilon;
    }

    /// <summary>Updates parameters. All spans have the same length.</summary>
    /// <param name="parameters">Weights w, updated.</param>
    /// <param name="gradientSums">Sums of gradients over the samples of the step.</param>
    /// <param name="first">First moments m, updated; 0 before the first step.</param>
    /// <param name="second">Second moments v, updated; 0 before the first step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradientSums, Span<float> first, Span<float> second)
    {
        SpanLength.CheckEqual(parameters.Length, gradientSums.Length, first.Length, second.Length);
        ref var w = ref MemoryMarshal.GetReference(parameters);
        ref var g = ref MemoryMarshal.GetReference(gradientSums);
        ref var m = ref MemoryMarshal.GetReference(first);
        ref var v = ref MemoryMarshal.GetReference(second);
        var gradientScale = new Vector<float>(_gradientScale);
        var weightDecay = new Vector<float>(_weightDecay);
        var beta1 = new Vector<float>(_beta1);
        var oneMinusBeta1 = new Vector<float>(_oneMinusBeta1);
        var beta2 = new Vector<float>(_beta2);
        var oneMinusBeta2 = new Vector<float>(_oneMinusBeta2);
        var stepSize = new Vector<float>(_stepSize);
        var inverseRootBias = new Vector<float>(_inverseRootBias);
        var epsilon = new Vector<float>(_epsilon);
        var i = 0;
        for (; i <= parameters.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var weight = Vector.LoadUnsafe(ref w, (nuint)i);
            var gradient = (Vector.LoadUnsafe(ref g, (nuint)i) * gradientScale) + (weightDecay * weight);
            var mean = (beta1 * Vector.LoadUnsafe(ref m, (nuint)i)) + (oneMinusBeta1 * gradient);
            var square = (beta2 * Vector.LoadUnsafe(ref v, (nuint)i)) + (oneMinusBeta2 * (gradient * gradient));
            mean.StoreUnsafe(ref m, (nuint)i);
            square.StoreUnsafe(ref v, (nuint)i);
            var denominator = (Vector.SquareRoot(square) * inverseRootBias) + epsilon;
            (weight - (stepSize * mean / denominator)).StoreUnsafe(ref w, (nuint)i);
        }

        UpdateReference(parameters[i..], gradientSums[i..], first[i..], second[i..]);
    }

    /// <summary>The same, one element at a time: the tail of the vector loop, and what it is tested against.</summary>
    /// <param name="parameters">Weights w, updated.</param>
    /// <param name="gradientSums">Sums of gradients over the samples of the step.</param>
    /// <param name="first">First moments m, updated.</param>
    /// <param name="second">Second moments v, updated.</param>
    public void UpdateReference(Span<float> parameters, ReadOnlySpan<float> gradientSums, Span<float> first, Span<float> second)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            var gradient = (gradientSums[i] * _gradientScale) + (_weightDecay * parameters[i]);
            first[i] = (_beta1 * first[i]) + (_oneMinusBeta1 * gradient);
            second[i] = (_beta2 * second[i]) + (_oneMinusBeta2 * (gradient * gradient));
            var denominator = (MathF.Sqrt(second[i]) * _inverseRootBias) + _epsilon;
            parameters[i] -= _stepSize * first[i] / denominator;
        }
    }
}
