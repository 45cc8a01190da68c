namespace Mnist.Benchmarks;

/// <summary>What is said about repeated measurements.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <param name="values">At least one value, in any order.</param>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            throw new ArgumentException("no value, expected at least one", nameof(values));
        }

        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of the quotients of values that were measured next to each other, so that a machine that slows down for
    /// a while slows both.</summary>
    /// <param name="numerators">Values, in the order of the runs.</param>
    /// <param name="denominators">As many values above 0, in the same order.</param>
    public static double MedianRatio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        if (numerators.Count != denominators.Count)
        {
            throw new ArgumentException(
                $"{denominators.Count} values, expected {numerators.Count} as on the other side", nameof(denominators));
        }

        return Median(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator));
    }
}
