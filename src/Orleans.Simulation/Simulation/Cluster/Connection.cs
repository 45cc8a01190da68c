namespace Orleans.Simulation;

/// <summary>
/// One direction of a silo's connection: passes messages one after the other, each for as long as its size takes at the present rate.
/// </summary>
internal sealed class Connection(VirtualClock clock, Func<double> bytesPerSecond)
{
    private readonly Queue<(long Bytes, Action<bool> Passed)> _messages = new();

    // Of the first message: what is left of it, since when, and at which rate it goes from then on.
    private double _left;
    private long _since;
    private double _rate;

    // What was planned before the last change does not happen any more.
    private long _version;

    /// <summary>Passes a message.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="passed">What happens then: true when it has passed, false when it is lost with the connection.</param>
    public void Pass(long bytes, Action<bool> passed)
    {
        if (_messages.Count == 0 && double.IsPositiveInfinity(bytesPerSecond()))
        {
            passed(true);
            return;
        }

        _messages.Enqueue((bytes, passed));
        if (_messages.Count == 1)
        {
            Begin();
        }
    }

    /// <summary>The rate has changed: the rest of the message that is under way goes at the new one.</summary>
    public void OnRateChanged()
    {
        if (_messages.Count > 0)
        {
            // Nothing has passed yet if no time has, however high the rate was.
            double seconds = (clock.Now - _since) / (double)TimeSpan.TicksPerSecond;
            _left = seconds > 0 ? Math.Max(0, _left - (seconds * _rate)) : _left;
            Plan();
        }
    }

    /// <summary>Loses all messages.</summary>
    public void Clear()
    {
        _version++;
        while (_messages.TryDequeue(out var message))
        {
            message.Passed(false);
        }
    }

    private void Begin()
    {
        _left = _messages.Peek().Bytes;
        Plan();
    }

    private void Plan()
    {
        _since = clock.Now;
        _rate = bytesPerSecond();
        long version = ++_version;

        // Rounded up to whole ticks of 100 ns. What takes longer than a century never passes, but a change of the rate may help it.
        double ticks = Math.Ceiling(_left / _rate * TimeSpan.TicksPerSecond);
        if (ticks < TimeSpan.FromDays(36500).Ticks)
        {
            clock.After(TimeSpan.FromTicks((long)ticks), () => End(version));
        }
    }

    private void End(long version)
    {
        if (version != _version)
        {
            return;
        }

        var (_, passed) = _messages.Dequeue();
        if (_messages.Count > 0)
        {
            Begin();
        }

        passed(true);
    }
}
