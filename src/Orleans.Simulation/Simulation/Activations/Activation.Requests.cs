using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation;

/// <summary>What an activation does with its requests.</summary>
internal sealed partial class Activation
{
    private readonly List<Request> _waiting = [];
    private readonly HashSet<Request> _running = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Guid, int> _callChains = [];
    private readonly Dictionary<Request, CancellationTokenSource> _cancellations = new(ReferenceEqualityComparer.Instance);
    private Request? _blocking;
    private long _lastUsed;
    private long _keepUntil;
    private PumpItem? _pump;
    private int _load;

    /// <summary>How many requests wait or run. May be asked from anywhere.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>How many requests wait.</summary>
    public int WaitingRequests => Load - _running.Count;

    /// <summary>Processes a request as soon as the rules allow.</summary>
    public void Accept(Request request)
    {
        switch (State)
        {
            case ActivationState.Created:
                _waiting.Add(request);
                _ = ActivateAsync(request.RequestContext);
                break;
            case ActivationState.Valid when _waiting.Count == 0 && MayStart(request):
                Start(request);
                break;
            case ActivationState.Invalid:
                Release(request);
                break;
            default:
                _waiting.Add(request);
                Pump();
                break;
        }
    }

    /// <summary>The caller of a request has stopped waiting.</summary>
    public void Cancel(RequestMessage request)
    {
        if (_waiting.Remove(request))
        {
            _ = Interlocked.Decrement(ref _load);
            request.Complete(this, null, new OperationCanceledException());
        }
        else if (_cancellations.TryGetValue(request, out var cancellation))
        {
            cancellation.Cancel();
        }
    }

    /// <summary>Gives a request a cancellation token of its own.</summary>
    public CancellationToken StartCancellable(RequestMessage request)
    {
        var cancellation = new CancellationTokenSource();
        _cancellations.Add(request, cancellation);
        return cancellation.Token;
    }

    /// <summary>Lets requests of a call chain start while another request runs.</summary>
    public void EnterCallChain(Guid id) => _callChains[id] = _callChains.GetValueOrDefault(id) + 1;

    public void ExitCallChain(Guid id)
    {
        if (_callChains.TryGetValue(id, out int depth))
        {
            if (depth > 1)
            {
                _callChains[id] = depth - 1;
            }
            else
            {
                _ = _callChains.Remove(id);
            }
        }
    }

    /// <summary>Keeps the activation from being collected for a time from now.</summary>
    public void DelayDeactivation(TimeSpan time)
    {
        _keepUntil = time == Timeout.InfiniteTimeSpan ? long.MaxValue : Silo.Deadline(time);
    }

    /// <summary>Ends the activation if it has been idle for some time.</summary>
    public void Collect(TimeSpan age)
    {
        if (State == ActivationState.Valid
            && Load == 0
            && !_class.KeepAlive
            && Silo.Time.GetTimestamp() >= _keepUntil
            && Silo.Time.GetElapsedTime(_lastUsed) >= age)
        {
            Deactivate(new(DeactivationReasonCode.ActivationIdle, "Activation exceeded idle timeout."));
        }
    }

    private void Pump()
    {
        for (int i = 0; i < _waiting.Count;)
        {
            var request = _waiting[i];
            bool open = State == ActivationState.Valid || (request.LocalOnly && State == ActivationState.Deactivating && !_finishing);
            if (!open)
            {
                // As in Orleans: the first request that has to wait for the next activation holds up the ticks behind it.
                return;
            }

            if (!MayStart(request))
            {
                i++;
                continue;
            }

            _waiting.RemoveAt(i);
            Start(request);
            if (_turns.IsOccupied)
            {
                QueuePump();
                return;
            }
        }
    }

    private bool MayStart(Request request) =>
        _running.Count == 0
        || request.AlwaysInterleave
        || _class.Reentrant
        || _blocking is null
        || (_blocking.ReadOnly && request.ReadOnly)
        || (_callChains.Count > 0
            && request.RequestContext?.GetValueOrDefault(RequestContext.ReentrancyKey) is Guid chain
            && _callChains.ContainsKey(chain));

    private void Start(Request request)
    {
        if (request is RequestMessage message && Silo.Time.GetTimestamp() > message.ExpiresAt)
        {
            // The caller has given up: nobody wants the outcome.
            _ = Interlocked.Decrement(ref _load);
            return;
        }

        _ = _running.Add(request);
        if (!request.AlwaysInterleave)
        {
            _blocking ??= request;
        }

        if (request is RequestMessage called && Silo.RequestCost is { } cost && cost.Of(called) is { Ticks: > 0 } time)
        {
            cost.Spend(time, _turns, new InvocationItem(this, request));
        }
        else
        {
            Invoke(request);
        }
    }

    private void Invoke(Request request)
    {
        TurnQueue.RestorePristineContext();
        RequestContext.Current = request.RequestContext;
        ValueTask<object?> outcome;
        try
        {
            outcome = request.InvokeAsync(this);
        }
        catch (Exception exception)
        {
            outcome = ValueTask.FromException<object?>(exception);
        }

        if (outcome.IsCompletedSuccessfully)
        {
            Finish(request, outcome.Result, null);
        }
        else
        {
            _ = AwaitAsync(request, outcome);
        }
    }

    private async Task AwaitAsync(Request request, ValueTask<object?> outcome)
    {
        object? result = null;
        Exception? failure = null;
        try
        {
            result = await outcome;
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Finish(request, result, failure);
    }

    private void Finish(Request request, object? result, Exception? exception)
    {
        if (exception is InconsistentStateException { IsSourceActivation: true } stale)
        {
            // The state in memory is not what is stored. The mark comes off, so that the exception does not end the callers too.
            stale.IsSourceActivation = false;
            Deactivate(new(DeactivationReasonCode.ApplicationError, exception, "The grain's state is stale."));
        }

        request.Complete(this, result, exception);
        _ = _running.Remove(request);
        _ = Interlocked.Decrement(ref _load);
        if (_cancellations.Remove(request, out var cancellation))
        {
            cancellation.Dispose();
        }

        if (ReferenceEquals(_blocking, request))
        {
            _blocking = null;
        }

        if (request.KeepAlive)
        {
            _lastUsed = Silo.Time.GetTimestamp();
        }

        if (_waiting.Count > 0 || State == ActivationState.Deactivating)
        {
            QueuePump();
        }
    }

    // Requests start in turns of their own, never in the middle of one that belongs to another request and its context.
    private void QueuePump() => _turns.Enqueue(_pump ??= new PumpItem(this));

    private void ReleaseWaiting()
    {
        Request[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach (var request in waiting)
        {
            Release(request);
        }
    }

    /// <summary>Hands a request that arrived too late to the grain's next activation, or back.</summary>
    private void Release(Request request)
    {
        _ = Interlocked.Decrement(ref _load);
        if (request is not RequestMessage message)
        {
            return;
        }

        if (_reason is { ReasonCode: DeactivationReasonCode.ActivationFailed, Exception: { } failure })
        {
            message.Complete(this, null, failure);
        }
        else
        {
            Silo.Forward(message);
        }
    }

    private sealed class InvocationItem(Activation activation, Request request) : WorkItem
    {
        public override void Execute() => activation.Invoke(request);
    }

    private sealed class PumpItem(Activation activation) : WorkItem
    {
        public override void Execute()
        {
            activation.Pump();
            activation.FinishIfQuiet();
        }
    }
}
