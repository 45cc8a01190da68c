using System.Numerics;

namespace Mnist.Learning.Training;

/// <summary>What became of a part that was offered to a <see cref="ReductionTree"/>.</summary>
public enum OfferResult
{
    /// <summary>It is part of the result.</summary>
    Accepted,

    /// <summary>All its slices were there already; nothing changed.</summary>
    Duplicate,

    /// <summary>
    /// Some of its slices were there already and cannot be taken out of its sum; nothing changed. What is missing has to
    /// be offered without them.
    /// </summary>
    Overlap,
}

/// <summary>
/// Combines the slices of a step (<see cref="SliceReduction"/>) as they arrive, in any order and singly or as aligned
/// subtrees that somebody combined before. Two halves of a node are added as soon as both are there. The result has
/// the same bits whatever the order. Allocates nothing after construction; used by one thread at a time.
/// </summary>
public sealed class ReductionTree
{
    private readonly ulong _all;
    private readonly float[][] _buffers;

    /// <summary>Prepares the reduction of steps.</summary>
    /// <param name="slices">Slices of a step, a power of two, at most 64.</param>
    /// <param name="length">Elements of a contribution (or of the partition of it that is reduced here).</param>
    public ReductionTree(int slices, int length)
    {
        if (!int.IsPow2(slices) || slices > 64)
        {
            throw new ArgumentOutOfRangeException(nameof(slices), slices, "expected a power of two, at most 64");
        }

        Slices = slices;
        Length = length;
        _all = Mask(0, slices);

        // A node keeps its sums in the buffer of its first slice's pair. The leaves 2j and 2j + 1 share buffer j:
        // they are never kept both, because the second to come is added to the first.
        _buffers = new float[Math.Max(1, slices / 2)][];
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = new float[length];
        }
    }

    /// <summary>Slices of a step.</summary>
    public int Slices { get; }

    /// <summary>Elements of a contribution.</summary>
    public int Length { get; }

    /// <summary>The slices that are there: bit k is slice k.</summary>
    public ulong Present { get; private set; }

    /// <summary>The slices that are not there yet: bit k is slice k.</summary>
    public ulong Missing => _all & ~Present;

    /// <summary>True when every slice is there.</summary>
    public bool IsComplete => Present == _all;

    /// <summary>The sums over all slices.</summary>
    /// <exception cref="InvalidOperationException">Slices are missing.</exception>
    public ReadOnlySpan<float> Result =>
        IsComplete ? _buffers[0] : throw new InvalidOperationException($"{BitOperations.PopCount(Missing)} of {Slices} slices are missing");

    /// <summary>True where the slices are a node of the tree: a power of two of them, aligned to their number.</summary>
    /// <param name="firstSlice">First slice.</param>
    /// <param name="sliceCount">Number of slices.</param>
    public bool IsNode(int firstSlice, int sliceCount) =>
        sliceCount >= 1 && firstSlice >= 0 && int.IsPow2(sliceCount) && firstSlice % sliceCount == 0 && firstSlice <= Slices - sliceCount;

    /// <summary>Takes the sums of a node of the tree, a single slice or an aligned subtree.</summary>
    /// <param name="firstSlice">First slice.</param>
    /// <param name="sliceCount">Number of slices.</param>
    /// <param name="sums">Their combined contribution, <see cref="Length"/> floats; copied where it has to be kept.</param>
    /// <exception cref="ArgumentException">The slices are not a node (<see cref="IsNode"/>), or the length is wrong.</exception>
    public OfferResult Offer(int firstSlice, int sliceCount, ReadOnlySpan<float> sums)
    {
        if (!IsNode(firstSlice, sliceCount))
        {
            throw new ArgumentException($"slices {firstSlice} to {firstSlice + sliceCount - 1} of {Slices} are not a node of the tree");
        }

        SpanLength.CheckEqual(Length, sums.Length);
        var mask = Mask(firstSlice, sliceCount);
        if ((Present & mask) != 0)
        {
            return (Present & mask) == mask ? OfferResult.Duplicate : OfferResult.Overlap;
        }

        Present |= mask;
        Merge(firstSlice, sliceCount, sums);
        return OfferResult.Accepted;
    }

    /// <summary>Forgets all slices, for the next step.</summary>
    public void Reset() => Present = 0;

    /// <summary>
    /// Climbs from a new node towards the root for as long as the other half is there. Merging is eager: where all slices
    /// of a node are present, its buffer holds their sum.
    /// </summary>
    private void Merge(int first, int count, ReadOnlySpan<float> sums)
    {
        while (count < Slices && IsPresent(first ^ count, count))
        {
            var parent = first & ~count;
            var buffer = _buffers[parent / 2];
            var other = _buffers[(first ^ count) / 2];
            if (first == parent)
            {
                SliceReduction.Add(sums, other, buffer);
            }
            else
            {
                SliceReduction.Add(other, sums, buffer);
            }

            first = parent;
            count *= 2;
            sums = buffer;
        }

        var kept = _buffers[first / 2].AsSpan();
        if (sums != kept)
        {
            sums.CopyTo(kept);
        }
    }

    private bool IsPresent(int first, int count)
    {
        var mask = Mask(first, count);
        return (Present & mask) == mask;
    }

    private static ulong Mask(int first, int count) => (ulong.MaxValue >> (64 - count)) << first;
}
