using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mnist.Learning.Data;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Softmax over ten scores and its cross-entropy with a label. m is the largest score, e[c] = exp(score[c] − m),
/// s = Σe[c] in the order of the classes, probability[c] = e[c] / s, loss = log(s) − (score[label] − m).
/// </summary>
internal static unsafe class SoftmaxCrossEntropy
{
    /// <summary>Floats that are read and written in a row: the ten classes and as many as fill the last vector.</summary>
    public const int RowLength = 12;

    /// <summary>Turns scores into probabilities.</summary>
    /// <param name="scores">Ten scores, then two floats of any value.</param>
    /// <param name="probabilities">Receives ten probabilities, then two zeros. May be the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Softmax(float* scores, float* probabilities) => Exponentials(scores, probabilities, Largest(scores));

    /// <summary>Loss of one sample and its gradient with respect to the scores.</summary>
    /// <param name="scores">Ten scores, then two floats of any value.</param>
    /// <param name="label">The right class.</param>
    /// <param name="gradient">Receives probability − (1 for the label, else 0), then two zeros. May not be the scores.</param>
    /// <param name="correct">Whether the largest score, of equal ones the first, is the label's.</param>
    /// <returns>The loss in nats.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float LossAndGradient(float* scores, int label, float* gradient, out bool correct)
    {
        var largest = Largest(scores);
        correct = largest == label;
        var sum = Exponentials(scores, gradient, largest);
        gradient[label] -= 1f;
        return FloatMath.Log(sum) - (scores[label] - scores[largest]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Largest(float* scores)
    {
        var largest = 0;
        for (var c = 1; c < ImageSet.Classes; c++)
        {
            largest = scores[c] > scores[largest] ? c : largest;
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials(float* scores, float* probabilities, int largest)
    {
        var m = Vector128.Create(scores[largest]);
        var e0 = FloatMath.Exp(Vector128.Load(scores) - m);
        var e1 = FloatMath.Exp(Vector128.Load(scores + 4) - m);
        var e2 = FloatMath.Exp(Vector128.Load(scores + 8) - m);
        var sum = e0[0] + e0[1] + e0[2] + e0[3] + e1[0] + e1[1] + e1[2] + e1[3] + e2[0] + e2[1];
        var divisor = Vector128.Create(sum);
        (e0 / divisor).Store(probabilities);
        (e1 / divisor).Store(probabilities + 4);
        (e2.WithElement(2, 0f).WithElement(3, 0f) / divisor).Store(probabilities + 8);
        return sum;
    }
}
