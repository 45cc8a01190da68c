using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnist.Learning.Training;

/// <summary>
/// Exponential moving average, elementwise: average = average + (value · valueScale − average) · weight. Separate
/// single-precision operations in this order, never fused: the same bits at any vector width.
/// </summary>
public static class MovingAverage
{
    /// <summary>Updates averages.</summary>
    /// <param name="averages">Averages, updated.</param>
    /// <param name="values">As many new values.</param>
    /// <param name="valueScale">What values are multiplied by first: 1 / samples where they are sums.</param>
    /// <param name="weight">Share of the new value, 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(Span<float> averages, ReadOnlySpan<float> values, float valueScale, float weight)
    {
        SpanLength.CheckEqual(averages.Length, values.Length);
        ref var average = ref MemoryMarshal.GetReference(averages);
        ref var value = ref MemoryMarshal.GetReference(values);
        var scales = new Vector<float>(valueScale);
        var weights = new Vector<float>(weight);
        var i = 0;
        for (; i <= averages.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var old = Vector.LoadUnsafe(ref average, (nuint)i);
            (old + (((Vector.LoadUnsafe(ref value, (nuint)i) * scales) - old) * weights)).StoreUnsafe(ref average, (nuint)i);
        }

        UpdateReference(averages[i..], values[i..], valueScale, weight);
    }

    /// <summary>The same, one element at a time: the tail of the vector loop, and what it is tested against.</summary>
    /// <param name="averages">Averages, updated.</param>
    /// <param name="values">As many new values.</param>
    /// <param name="valueScale">What values are multiplied by first.</param>
    /// <param name="weight">Share of the new value, 0 to 1.</param>
    public static void UpdateReference(Span<float> averages, ReadOnlySpan<float> values, float valueScale, float weight)
    {
        for (var i = 0; i < averages.Length; i++)
        {
            averages[i] += ((values[i] * valueScale) - averages[i]) * weight;
        }
    }
}
