using System.Diagnostics;

namespace Mnist.Simulator.Planning;

/// <summary>
/// Measurements that follow each other. Of many stretches the fastest twentieth is what the code costs while nothing else runs on the
/// machine. On a machine of one's own they are hardly different from the others; where others compute too, means and medians tell more
/// about them than about the code.
/// </summary>
/// <param name="Mean">Mean of the measurements, microseconds; of threads that ran at the same time, that of the slowest.</param>
/// <param name="Microseconds">The measurements.</param>
internal sealed record Stretch(double Mean, double[] Microseconds)
{
    private const int OneIn = 20;

    /// <summary>How long a stretch is at least: long enough that what varies from one measurement to the next evens out.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Cuts measurements into stretches.</summary>
    /// <param name="measurements">Microseconds, in their order.</param>
    /// <param name="length">Measurements in a stretch. What is left over at the end is left out.</param>
    public static IEnumerable<Stretch> Cut(IEnumerable<double> measurements, int length) =>
        measurements.Chunk(length).Where(stretch => stretch.Length == length).Select(stretch => new Stretch(stretch.Average(), stretch));

    /// <summary>Cuts the measurements of threads that ran at the same time.</summary>
    /// <param name="threads">
    /// For each thread: when a measurement ended, as a timestamp of <see cref="Stopwatch"/>, and microseconds.
    /// </param>
    /// <param name="duration">
    /// How long a stretch is. Those in which a thread did not end anything are left out; if that leaves none, all is one stretch.
    /// </param>
    public static IEnumerable<Stretch> Cut(IReadOnlyList<IReadOnlyList<(long End, double Microseconds)>> threads, TimeSpan duration)
    {
        var ticks = (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var groups = threads.Select(thread => thread.ToLookup(entry => entry.End / ticks, entry => entry.Microseconds)).ToArray();
        return groups[0]
            .Select(group => group.Key)
            .Where(key => Array.TrueForAll(groups, thread => thread.Contains(key)))
            .Select(key => Join([.. groups.Select(thread => thread[key].ToArray())]))
            .DefaultIfEmpty(Join([.. threads.Select(thread => thread.Select(entry => entry.Microseconds).ToArray())]));
    }

    /// <summary>The measurements of the fastest twentieth.</summary>
    /// <param name="stretches">At least one.</param>
    public static double[] Fastest(IReadOnlyCollection<Stretch> stretches)
    {
        var fastest = stretches.OrderBy(stretch => stretch.Mean).Take(Math.Max(1, stretches.Count / OneIn));
        return [.. fastest.SelectMany(stretch => stretch.Microseconds)];
    }

    private static Stretch Join(double[][] threads) =>
        new(threads.Max(thread => thread.Average()), [.. threads.SelectMany(thread => thread)]);
}
