namespace Mnist.Grains.Protocol;

/// <summary>
/// What is usual among the last rounds: the median of their durations, which the few that something disturbed do not move. An average
/// does move, and everybody would wait that much longer for whoever is gone.
/// </summary>
internal sealed class RecentDurations
{
    private const int Window = 15;
    private readonly (TimeSpan Duration, int Load)[] _rounds = new (TimeSpan, int)[Window];
    private readonly TimeSpan[] _sorted = new TimeSpan[Window];
    private long _added;
    private int _load;
    private TimeSpan _median;

    /// <summary>Adds a round, in place of the oldest where there are enough.</summary>
    /// <param name="duration">How long it lasted.</param>
    /// <param name="load">Slices of whoever had the most.</param>
    public void Add(TimeSpan duration, int load)
    {
        _rounds[_added++ % Window] = (duration, load);
        _load = 0;
    }

    /// <summary>
    /// The usual duration, the lower one of two medians; null before the first round. A round in which nobody had as many slices counts
    /// as so much longer: where a worker is gone, those who have its slices now are not late for that. The reverse is not assumed,
    /// since not all of a round is spent on computing.
    /// </summary>
    /// <param name="load">Slices of whoever has the most.</param>
    public TimeSpan? Usual(int load)
    {
        if (_added == 0)
        {
            return null;
        }

        if (_load != load)
        {
            var sorted = _sorted.AsSpan(0, (int)Math.Min(_added, Window));
            for (var i = 0; i < sorted.Length; i++)
            {
                sorted[i] = _rounds[i].Duration * Math.Max(1, (double)load / _rounds[i].Load);
            }

            sorted.Sort();
            (_load, _median) = (load, sorted[(sorted.Length - 1) / 2]);
        }

        return _median;
    }
}
