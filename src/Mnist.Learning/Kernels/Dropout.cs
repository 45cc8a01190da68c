using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
        var threshold = Threshold(layer);
        var factor = Factor(layer);
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(values);
        for (; i <= values.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            // The lowest 16 bits of a draw come first, as they do in memory; a mask of 16 bits widens to one of 32 by its sign.
            var bits = random.NextFourUInt64().AsUInt16();
            var kept = Vector256.GreaterThanOrEqual(bits, Vector256.Create((ushort)threshold)).AsInt16();
            Keep(ref Unsafe.Add(ref first, i), Vector256.WidenLower(kept), factor);
            Keep(ref Unsafe.Add(ref first, i + Vector256<float>.Count), Vector256.WidenUpper(kept), factor);
        }

        Apply(ref random, threshold, factor, values[i..]);
    }

    /// <summary>The same, one element at a time: what the vector loop is tested against.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sampleKey">Key of the sample and epoch.</param>
    /// <param name="values">(y, x, channel) of the sample.</param>
    public static void ApplyReference(DropoutLayer layer, ulong sampleKey, Span<float> values)
    {
        var random = new KeyedRandom(KeyedRandom.Key(sampleKey, (ulong)layer.Index));
        Apply(ref random, Threshold(layer), Factor(layer), values);
    }

    private static uint Threshold(DropoutLayer layer) => (uint)(layer.Rate * 65536f);

    private static void Apply(ref KeyedRandom random, uint threshold, float factor, Span<float> values)
    {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(ref float values, Vector256<int> kept, float factor) =>
        ((Vector256.LoadUnsafe(ref values) * factor) & kept.AsSingle()).StoreUnsafe(ref values);
}
