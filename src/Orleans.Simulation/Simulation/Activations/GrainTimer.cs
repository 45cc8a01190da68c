using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>
/// A timer of an activation. The clock only queues a tick; the tick is a request of the activation, and the next one is set when it
/// has ended, so that ticks never overlap.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly CancellationTokenSource _disposing = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly ITimer _timer;
    private TimeSpan _next;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Validate(options.DueTime, options.Period);
        _activation = activation;
        _callback = callback;
        _options = options;
        _period = options.Period;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = activation.Silo.Time.CreateTimer(
                static state => ((GrainTimer)state!).QueueTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        activation.Add(this);
    }

    public void Start(TimeSpan dueTime) => _timer.Change(dueTime, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, period);
        _changed = true;
        _next = dueTime;
        _period = period;
        if (!_ticking)
        {
            _ = _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _disposing.Cancel();
        _timer.Dispose();
        _activation.Remove(this);
    }

    private static void Validate(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((long)dueTime.TotalMilliseconds, -1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)dueTime.TotalMilliseconds, uint.MaxValue - 1, nameof(dueTime));
        ArgumentOutOfRangeException.ThrowIfLessThan((long)period.TotalMilliseconds, -1, nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)period.TotalMilliseconds, uint.MaxValue - 1, nameof(period));
    }

    private void QueueTick() => _activation.Receive(new Tick(this));

    private async ValueTask<object?> TickAsync()
    {
        if (_disposing.IsCancellationRequested)
        {
            return null;
        }

        _ticking = true;
        _changed = false;
        try
        {
            await _callback(_disposing.Token);
        }
        finally
        {
            _ticking = false;
            if (!_disposing.IsCancellationRequested)
            {
                _ = _timer.Change(_changed ? _next : _period, Timeout.InfiniteTimeSpan);
            }
        }

        return null;
    }

    private sealed class Tick : Request
    {
        private readonly GrainTimer _timer;

        public Tick(GrainTimer timer)
        {
            _timer = timer;
            AlwaysInterleave = timer._options.Interleave;
            KeepAlive = timer._options.KeepAlive;
            LocalOnly = true;
        }

        public override ValueTask<object?> InvokeAsync(Activation activation) => _timer.TickAsync();

        public override string ToString() => "a timer";

        public override void Complete(Activation activation, object? result, Exception? exception)
        {
            if (exception is not null)
            {
                activation.Silo.Logger.LogWarning(exception, "A timer of {Activation} failed; it goes on ticking.", activation);
            }
        }
    }
}
