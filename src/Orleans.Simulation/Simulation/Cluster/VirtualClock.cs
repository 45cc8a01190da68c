namespace Orleans.Simulation;

/// <summary>Virtual time and what is to happen at which time. It passes only when the cluster says so.</summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<Action, (long Due, long Number)> _events = new();
    private long _number;

    /// <summary>Ticks of 100 ns since the beginning of the run.</summary>
    public long Now { get; private set; }

    /// <summary>When the next event is due; <see cref="long.MaxValue"/> if there is none.</summary>
    public long NextDue => _events.TryPeek(out _, out var priority) ? priority.Due : long.MaxValue;

    /// <summary>What happens after a time. Things that are due at the same time happen in the order in which they were asked for.</summary>
    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + Math.Max(0, delay.Ticks), _number++));

    public void AdvanceTo(long time) => Now = Math.Max(Now, time);

    public void FireNext()
    {
        var action = _events.Dequeue();
        action();
    }
}

/// <summary>
/// A silo's view of virtual time. Its timers fire as turns of the silo: while it stands still they wait, and when it is gone they are
/// gone with it.
/// </summary>
internal sealed class SiloTime(SimulatedCluster cluster, SiloNode node) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    // The zone of the machine must not matter.
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => cluster.Clock.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(cluster.Clock.Now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(cluster, node, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(SimulatedCluster cluster, SiloNode node, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _period;

        // What was asked for before the last change does not happen any more.
        private long _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            cluster.Sentinel.Require("set a timer");
            _version++;
            _period = period;
            Set(dueTime);
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan delay)
        {
            if (delay >= TimeSpan.Zero)
            {
                long version = _version;
                cluster.Clock.After(delay, () => Due(version));
            }
        }

        private void Due(long version)
        {
            if (version == _version)
            {
                node.Enqueue(() => Fire(version));
            }
        }

        private void Fire(long version)
        {
            if (version != _version)
            {
                return;
            }

            // From now on and not from when it was due: a silo that stood still does not catch up on the periods it missed.
            Set(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            cluster.Log.Record(SimulationEventKind.Timer, node);
            if (_context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(_context, _ => callback(state), null);
            }
        }
    }
}
