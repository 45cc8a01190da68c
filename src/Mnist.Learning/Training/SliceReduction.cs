using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnist.Learning.Training;

/// <summary>
/// How the contributions of slices are combined: elementwise, in the balanced binary tree over the slices, whose nodes add
/// their left half to their right half. A single-precision addition is correctly rounded and commutative, so the
/// result depends on the tree alone.
/// </summary>
public static class SliceReduction
{
    /// <summary>Adds the contribution of a node's right half to that of its left half.</summary>
    /// <param name="left">Sums of the left half, receives those of the node.</param>
    /// <param name="right">Sums of the right half, of the same length.</param>
    public static void Add(Span<float> left, ReadOnlySpan<float> right) => Add(left, right, left);

    /// <summary>Adds the contributions of a node's quarters, as adding its halves' does: each element is read and written once.</summary>
    /// <param name="first">Sums of the first quarter.</param>
    /// <param name="second">Sums of the second quarter, of the same length as all.</param>
    /// <param name="third">Sums of the third quarter.</param>
    /// <param name="fourth">Sums of the fourth quarter.</param>
    /// <param name="result">Receives the sums of the node.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third, ReadOnlySpan<float> fourth, Span<float> result)
    {
        SpanLength.CheckEqual(first.Length, second.Length, third.Length, fourth.Length);
        SpanLength.CheckEqual(first.Length, result.Length);
        ref var a = ref MemoryMarshal.GetReference(first);
        ref var b = ref MemoryMarshal.GetReference(second);
        ref var c = ref MemoryMarshal.GetReference(third);
        ref var d = ref MemoryMarshal.GetReference(fourth);
        ref var sum = ref MemoryMarshal.GetReference(result);
        var i = 0;
        for (; i <= first.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var left = Vector.LoadUnsafe(ref a, (nuint)i) + Vector.LoadUnsafe(ref b, (nuint)i);
            var right = Vector.LoadUnsafe(ref c, (nuint)i) + Vector.LoadUnsafe(ref d, (nuint)i);
            (left + right).StoreUnsafe(ref sum, (nuint)i);
        }

        for (; i < first.Length; i++)
        {
            result[i] = (first[i] + second[i]) + (third[i] + fourth[i]);
        }
    }

    /// <summary>Adds the contributions of a node's halves.</summary>
    /// <param name="left">Sums of the left half.</param>
    /// <param name="right">Sums of the right half, of the same length.</param>
    /// <param name="result">Receives the sums of the node; may be one of the halves.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result)
    {
        SpanLength.CheckEqual(left.Length, right.Length, result.Length);
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);
        ref var sum = ref MemoryMarshal.GetReference(result);
        var i = 0;
        for (; i <= left.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.LoadUnsafe(ref a, (nuint)i) + Vector.LoadUnsafe(ref b, (nuint)i)).StoreUnsafe(ref sum, (nuint)i);
        }

        for (; i < left.Length; i++)
        {
            result[i] = left[i] + right[i];
        }
    }
}
