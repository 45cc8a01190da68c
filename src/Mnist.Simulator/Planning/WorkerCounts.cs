using System.Globalization;
using Mnist.Learning;

namespace Mnist.Simulator.Planning;

/// <summary>Reads a list of numbers of workers, such as <c>1,2,4,8..1000</c>.</summary>
internal static class WorkerCounts
{
    /// <summary>The most workers of a run.</summary>
    public const int Most = 10_000;

    /// <summary>Reads a list. A range goes on by doubling, and has its end in it: <c>8..50</c> is 8, 16, 32, 50.</summary>
    /// <param name="text">What the user typed.</param>
    /// <returns>The numbers, ascending, each once.</returns>
    /// <exception cref="InvalidInputException">It is not such a list.</exception>
    public static int[] Parse(string text)
    {
        var counts = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split("..");
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || first > last)
            {
                throw new InvalidInputException(
                    $"--workers is '{text.ReplaceLineEndings(" ")}', expected numbers from 1 to {Most} and ranges, as in 1,2,4,8..1000");
            }

            counts.UnionWith(Range(first, last));
        }

        return [.. counts];
    }

    /// <summary>Doubles a number up to another, which is the last.</summary>
    public static IEnumerable<int> Range(int first, int last)
    {
        for (var count = first; count < last; count *= 2)
        {
            yield return count;
        }

        yield return last;
    }

    private static bool TryParse(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= Most;
}
