using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Inverted dropout whose masks are a pure function of (key of the sample, dropout layer, element). The sequence of the key
/// <see cref="KeyedRandom.Key"/>(sample key, layer index) gives 64 bits at a time for four elements, lowest 16 bits first;
/// an element is kept where its 16 bits, as a number, are at least rate · 2¹⁶.
/// </summary>
internal static class Dropout
{
    /// <summary>What kept elements are multiplied by.</summary>
    public static float Factor(DropoutLayer layer) => 1f / (1f - layer.Rate);

    /// <summary>Drops elements of one sample in place: kept ones are multiplied by the factor, others become 0.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sampleKey">Key of the sample and epoch.</param>
    /// <param name="values">(y, x, channel) of the sample.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(DropoutLayer layer, ulong sampleKey, Span<float> values)
    {
        var random = new KeyedRandom(KeyedRandom.Key(sampleKey, (ulong)layer.Index));
        var threshold = (uint)(layer.Rate * 65536f);
        var factor = Factor(layer);
        for (var i = 0; i < values.Length; i += 4)
        {
            var bits = random.NextUInt64();
            var quad = values.Slice(i, Math.Min(4, values.Length - i));
            for (var j = 0; j < quad.Length; j++)
            {
                quad[j] = (uint)(bits & 0xFFFF) >= threshold ? quad[j] * factor : 0f;
                bits >>= 16;
            }
        }
    }
}
