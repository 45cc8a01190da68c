namespace Mnist.Simulator.Planning;

/// <summary>
/// Measurements that follow each other, as of one whole repeat. What users see has everything in it that a warm run has: collections of
/// garbage, threads that had to wait, whatever else ran. So nothing is left out of a stretch, and of several repeats the one in the middle
/// counts, as with the runs that predictions are compared with.
/// </summary>
/// <param name="Mean">Mean of the measurements, microseconds; of threads that ran at the same time, that of the slowest.</param>
/// <param name="Microseconds">The measurements, at least one.</param>
internal sealed record Stretch(double Mean, double[] Microseconds)
{
    /// <summary>The measurements of one thread.</summary>
    public static Stretch Of(double[] microseconds) => new(microseconds.Average(), microseconds);

    /// <summary>The measurements of threads that ran at the same time.</summary>
    public static Stretch Of(IReadOnlyCollection<double[]> threads) =>
        new(threads.Max(thread => thread.Average()), [.. threads.SelectMany(thread => thread)]);

    /// <summary>The stretch in the middle by its mean.</summary>
    /// <param name="stretches">At least one; of an even number, the faster of the two in the middle.</param>
    public static Stretch Median(IReadOnlyCollection<Stretch> stretches) =>
        stretches.OrderBy(stretch => stretch.Mean).ElementAt((stretches.Count - 1) / 2);
}
