using System.Numerics;

namespace Mnist.Grains.Protocol;

/// <summary>A node of the reduction tree: an aligned power of two of slices.</summary>
/// <param name="First">First slice.</param>
/// <param name="Count">Number of slices.</param>
public readonly record struct Subtree(int First, int Count);

/// <summary>Cuts sets of slices into the fewest nodes of the reduction tree, so that a worker sends as few frames as it can.</summary>
public static class SubtreeSplit
{
    /// <summary>The largest nodes that make up a set of slices.</summary>
    /// <param name="slices">Slices, ascending, each once.</param>
    public static IReadOnlyList<Subtree> Of(ReadOnlySpan<int> slices)
    {
        var nodes = new List<Subtree>();
        for (var i = 0; i < slices.Length;)
        {
            var run = 1;
            while (i + run < slices.Length && slices[i + run] == slices[i] + run)
            {
                run++;
            }

            for (var first = slices[i]; run > 0;)
            {
                var aligned = first == 0 ? int.MaxValue : 1 << BitOperations.TrailingZeroCount(first);
                var count = Math.Min(aligned, 1 << BitOperations.Log2((uint)run));
                nodes.Add(new Subtree(first, count));
                first += count;
                i += count;
                run -= count;
            }
        }

        return nodes;
    }
}
