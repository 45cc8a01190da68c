namespace Mnist.Learning.Kernels;

/// <summary>Plain loops that define what <see cref="SoftmaxCrossEntropy"/> computes, to the bit.</summary>
internal static class SoftmaxCrossEntropyReference
{
    /// <summary>Probabilities of one sample, the sum of the exponentials, and the first class with the largest score.</summary>
    /// <param name="scores">(class).</param>
    /// <param name="probabilities">Receives (class).</param>
    public static (float Sum, int Largest) Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        var largest = 0;
        for (var c = 1; c < scores.Length; c++)
        {
            largest = scores[c] > scores[largest] ? c : largest;
        }

        var sum = 0f;
        for (var c = 0; c < scores.Length; c++)
        {
            probabilities[c] = FloatMath.Exp(scores[c] - scores[largest]);
            sum += probabilities[c];
        }

        foreach (ref var probability in probabilities)
        {
            probability /= sum;
        }

        return (sum, largest);
    }

    /// <summary>Loss of one sample and its gradient, and whether the largest score is the label's.</summary>
    /// <param name="scores">(class).</param>
    /// <param name="label">The right class.</param>
    /// <param name="gradient">Receives (class).</param>
    public static (float Loss, bool Correct) LossAndGradient(ReadOnlySpan<float> scores, int label, Span<float> gradient)
    {
        var (sum, largest) = Softmax(scores, gradient);
        gradient[label] -= 1f;
        return (FloatMath.Log(sum) - (scores[label] - scores[largest]), largest == label);
    }
}
