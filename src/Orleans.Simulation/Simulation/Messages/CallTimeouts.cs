namespace Orleans.Simulation;

/// <summary>
/// Ends calls that take too long. Calls with the same time-out expire in the order in which they were made, so that a list and one
/// timer for each length of time do, and neither making nor completing a call touches a timer.
/// </summary>
internal sealed class CallTimeouts(TimeProvider time, Action<PendingCall> expire) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TimeSpan, Expiry> _byLength = [];

    public void Add(PendingCall call)
    {
        var timeout = call.Request.Timeout;
        lock (_lock)
        {
            if (!_byLength.TryGetValue(timeout, out var expiry))
            {
                _byLength[timeout] = expiry = new Expiry(this, timeout);
            }

            call.TimeoutNode = expiry.Calls.AddLast(call);
            if (!expiry.Armed)
            {
                expiry.Arm(call.Request.ExpiresAt);
            }
        }
    }

    public void Remove(PendingCall call)
    {
        lock (_lock)
        {
            if (call.TimeoutNode is { } node)
            {
                node.List?.Remove(node);
                call.TimeoutNode = null;
            }
        }
    }

    /// <summary>Takes calls that are still undecided, by their time-out and then in the order in which they were made.</summary>
    public IReadOnlyList<PendingCall> Take(Func<PendingCall, bool> which)
    {
        lock (_lock)
        {
            PendingCall[] calls = [.. _byLength.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Calls).Where(which)];
            foreach (var call in calls)
            {
                call.TimeoutNode!.List!.Remove(call.TimeoutNode);
                call.TimeoutNode = null;
            }

            return calls;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var expiry in _byLength.Values)
            {
                expiry.Dispose();
            }
        }
    }

    private void OnTimer(Expiry expiry)
    {
        List<PendingCall> expired = [];
        lock (_lock)
        {
            long now = time.GetTimestamp();
            expiry.Armed = false;
            while (expiry.Calls.First is { } first)
            {
                long expiresAt = first.Value.Request.ExpiresAt;
                if (expiresAt > now)
                {
                    expiry.Arm(expiresAt);
                    break;
                }

                expiry.Calls.RemoveFirst();
                first.Value.TimeoutNode = null;
                expired.Add(first.Value);
            }
        }

        foreach (var call in expired)
        {
            expire(call);
        }
    }

    private sealed class Expiry(CallTimeouts owner, TimeSpan length) : IDisposable
    {
        private ITimer? _timer;

        public LinkedList<PendingCall> Calls { get; } = [];

        public bool Armed { get; set; }

        public void Arm(long expiresAt)
        {
            var time = owner.Time;
            var due = time.GetElapsedTime(time.GetTimestamp(), expiresAt);

            // Timers count whole milliseconds: round up, so that the call has expired when the timer fires.
            due = TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(due.TotalMilliseconds), 1, Math.Ceiling(length.TotalMilliseconds)));
            Armed = true;
            if (_timer is null)
            {
                using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
                {
                    _timer = time.CreateTimer(static state => ((Expiry)state!).Fire(), this, due, Timeout.InfiniteTimeSpan);
                }
            }
            else
            {
                _ = _timer.Change(due, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose() => _timer?.Dispose();

        private void Fire() => owner.OnTimer(this);
    }

    private TimeProvider Time => time;
}
