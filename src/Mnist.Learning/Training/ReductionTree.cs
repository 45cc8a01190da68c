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
    private const int WordBits = 64;

    // Bit k mod 64 of word k / 64 tells whether slice k is there.
    private readonly ulong[] _present;
    private readonly float[][] _buffers;

    /// <summary>Prepares the reduction of steps.</summary>
    /// <param name="slices">Slices of a step, a power of two.</param>
    /// <param name="length">Elements of a contribution (or of the partition of it that is reduced here).</param>
    public ReductionTree(int slices, int length)
    {
        if (!int.IsPow2(slices))
        {
            throw new ArgumentOutOfRangeException(nameof(slices), slices, "expected a power of two");
        }

        Slices = slices;
        Length = length;
        Missing = slices;
        _present = new ulong[Math.Max(1, slices / WordBits)];

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

    /// <summary>Number of slices that are not there yet.</summary>
    public int Missing { get; private set; }

    /// <summary>True when every slice is there.</summary>
    public bool IsComplete => Missing == 0;

    /// <summary>The sums over all slices.</summary>
    /// <exception cref="InvalidOperationException">Slices are missing.</exception>
    public ReadOnlySpan<float> Result =>
        IsComplete ? _buffers[0] : throw new InvalidOperationException($"{Missing} of {Slices} slices are missing");

    /// <summary>True when a slice is there.</summary>
    /// <param name="slice">Index of the slice.</param>
    public bool IsPresent(int slice) => HasAll(slice, 1);

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
        if (HasAny(firstSlice, sliceCount))
        {
            return HasAll(firstSlice, sliceCount) ? OfferResult.Duplicate : OfferResult.Overlap;
        }

        Mark(firstSlice, sliceCount);
        Merge(firstSlice, sliceCount, sums);
        return OfferResult.Accepted;
    }

    /// <summary>Forgets all slices, for the next step.</summary>
    public void Reset()
    {
        Array.Clear(_present);
        Missing = Slices;
    }

    /// <summary>
    /// Climbs from a new node towards the root for as long as the other half is there. Merging is eager: where all slices
    /// of a node are present, its buffer holds their sum.
    /// </summary>
    private void Merge(int first, int count, ReadOnlySpan<float> sums)
    {
        while (count < Slices && HasAll(first ^ count, count))
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

    private bool HasAny(int first, int count) => count < WordBits
        ? (Word(first) & Mask(first, count)) != 0
        : Words(first, count).ContainsAnyExcept(0ul);

    private bool HasAll(int first, int count) => count < WordBits
        ? (~Word(first) & Mask(first, count)) == 0
        : !Words(first, count).ContainsAnyExcept(ulong.MaxValue);

    private void Mark(int first, int count)
    {
        Missing -= count;
        if (count < WordBits)
        {
            Word(first) |= Mask(first, count);
        }
        else
        {
            Words(first, count).Fill(ulong.MaxValue);
        }
    }

    /// <summary>The word that holds a node smaller than a word.</summary>
    private ref ulong Word(int first) => ref _present[(uint)first / WordBits];

    /// <summary>The bits of such a node.</summary>
    private static ulong Mask(int first, int count) => ((1ul << count) - 1) << (first % WordBits);

    /// <summary>The words that a larger node consists of.</summary>
    private Span<ulong> Words(int first, int count) => _present.AsSpan(first / WordBits, count / WordBits);
}
