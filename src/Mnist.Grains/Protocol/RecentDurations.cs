namespace Mnist.Grains.Protocol;

/// <summary>
/// What is usual among the last durations: their median, which the few that something disturbed do not move. An average does move,
/// and everybody would wait that much longer for whoever is gone.
/// </summary>
internal sealed class RecentDurations
{
    private const int Window = 15;
    private readonly TimeSpan[] _durations = new TimeSpan[Window];
    private readonly TimeSpan[] _sorted = new TimeSpan[Window];
    private long _added;

    /// <summary>The median, the lower one of two; null before the first duration.</summary>
    public TimeSpan? Median { get; private set; }

    /// <summary>Adds a duration, in place of the oldest where there are enough.</summary>
    /// <param name="duration">The duration.</param>
    public void Add(TimeSpan duration)
    {
        _durations[_added++ % Window] = duration;
        var sorted = _sorted.AsSpan(0, (int)Math.Min(_added, Window));
        _durations.AsSpan(0, sorted.Length).CopyTo(sorted);
        sorted.Sort();
        Median = sorted[(sorted.Length - 1) / 2];
    }
}
