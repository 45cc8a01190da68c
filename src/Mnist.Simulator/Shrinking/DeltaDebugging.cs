namespace Mnist.Simulator.Shrinking;

/// <summary>
/// Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE Transactions on Software Engineering 28(2), 2002:
/// the algorithm <c>ddmin</c>.
/// </summary>
public static class DeltaDebugging
{
    /// <summary>Looks for a small part of a list that still fails.</summary>
    /// <param name="items">A list that fails. Parts keep its order.</param>
    /// <param name="fails">Whether a part fails; the same answer for the same part.</param>
    /// <returns>
    /// A part that fails, and of which no single item can be left out, as far as <paramref name="fails"/> answered. The empty part
    /// is tried too: perhaps no item is to blame.
    /// </returns>
    public static IReadOnlyList<T> Minimize<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails)
    {
        if (items.Count == 0 || fails([]))
        {
            return [];
        }

        var pieces = 2;
        while (items.Count >= 2)
        {
            pieces = Math.Min(pieces, items.Count);
            if (Reduce(items, pieces, fails) is { } reduced)
            {
                (items, pieces) = (reduced.Items, reduced.IsComplement ? Math.Max(pieces - 1, 2) : 2);
            }
            else if (pieces == items.Count)
            {
                break;
            }
            else
            {
                pieces *= 2;
            }
        }

        return items;
    }

    private static (IReadOnlyList<T> Items, bool IsComplement)? Reduce<T>(
        IReadOnlyList<T> items, int pieces, Func<IReadOnlyList<T>, bool> fails)
    {
        for (var piece = 0; piece < pieces; piece++)
        {
            var (begin, end) = Bounds(items.Count, pieces, piece);
            T[] subset = [.. items.Skip(begin).Take(end - begin)];
            if (fails(subset))
            {
                return (subset, false);
            }
        }

        // With two pieces, each is the other's complement.
        for (var piece = 0; piece < pieces && pieces > 2; piece++)
        {
            var (begin, end) = Bounds(items.Count, pieces, piece);
            T[] complement = [.. items.Take(begin), .. items.Skip(end)];
            if (fails(complement))
            {
                return (complement, true);
            }
        }

        return null;
    }

    private static (int Begin, int End) Bounds(int count, int pieces, int piece) =>
        ((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces));
}
