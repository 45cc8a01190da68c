namespace Mnist.Grains.Compute;

/// <summary>
/// The machine's clock, with timers that fire within half a millisecond of their time. Those of <see cref="TimeProvider.System"/> go by a
/// clock that Linux moves on every four milliseconds: they fire up to three late or two early, and a step may take five.
/// </summary>
/// <remarks>A callback runs on the thread of the timers, and holds the others up.</remarks>
public sealed class FineTimeProvider : TimeProvider, IDisposable
{
    private readonly Lock _starting = new();

    // Timers in the order of their times, of which only a timer's last one counts; also what a change is guarded by.
    private readonly PriorityQueue<FineTimer, long> _queue = new();
    private Thread? _thread;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Start();
        var timer = new FineTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends the thread; no timer fires any more.</summary>
    public void Dispose()
    {
        lock (_queue)
        {
            _isDisposed = true;
            Monitor.Pulse(_queue);
        }
    }

    private void Start()
    {
        lock (_starting)
        {
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "timers" };
                _thread.Start();
            }
        }
    }

    private void Run()
    {
        while (Next() is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Waits until a timer is due; null when there will be none.</summary>
    private FineTimer? Next()
    {
        lock (_queue)
        {
            while (!_isDisposed)
            {
                if (!_queue.TryPeek(out var timer, out var due))
                {
                    Monitor.Wait(_queue);
                }
                else if (timer.IsWanted(due) && Math.Round(GetElapsedTime(GetTimestamp(), due).TotalMilliseconds) is >= 1 and var wait)
                {
                    // The kernel ends a wait on time, to a tenth of a millisecond or so, but takes whole ones only.
                    Monitor.Wait(_queue, TimeSpan.FromMilliseconds(Math.Min(wait, int.MaxValue)));
                }
                else
                {
                    _queue.Dequeue();
                    if (timer.TakeTurn(due))
                    {
                        return timer;
                    }
                }
            }

            return null;
        }
    }

    private sealed class FineTimer(FineTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private const long Never = long.MaxValue;
        private long _due = Never;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._queue)
            {
                _period = period;
                Set(dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._queue)
            {
                _due = Never;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        public bool IsWanted(long due) => _due == due;

        /// <summary>True if the timer is to fire; it waits for its next time already.</summary>
        public bool TakeTurn(long due)
        {
            if (!IsWanted(due))
            {
                return false;
            }

            Set(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            return true;
        }

        public void Fire() => callback(state);

        private void Set(TimeSpan delay)
        {
            if (delay < TimeSpan.Zero)
            {
                _due = Never;
                return;
            }

            _due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
            time._queue.Enqueue(this, _due);
            Monitor.Pulse(time._queue);
        }
    }
}
