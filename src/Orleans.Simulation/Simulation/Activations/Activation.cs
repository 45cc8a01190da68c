using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Where an activation is in its life.</summary>
internal enum ActivationState
{
    /// <summary>Nothing has happened yet.</summary>
    Created,

    /// <summary>The grain is being constructed, its state read, and OnActivateAsync runs.</summary>
    Activating,

    /// <summary>Requests are processed.</summary>
    Valid,

    /// <summary>Running requests end; no new ones start.</summary>
    Deactivating,

    /// <summary>Gone. Requests that still arrive go to the next activation.</summary>
    Invalid,
}

/// <summary>
/// One activation of a grain. Everything here happens in its turns, one at a time, so that there are no locks, except for what is
/// said to come from anywhere.
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly GrainClass _class;
    private readonly TurnQueue _turns;
    private readonly Lifecycle _lifecycle;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _deactivated = new();
    private readonly List<GrainTimer> _timers = [];
    private AsyncServiceScope? _scope;
    private GrainReference? _reference;
    private DeactivationReason _reason;
    private CancellationToken _deactivationToken;
    private bool _activating;
    private bool _wasValid;
    private bool _finishing;

    public Activation(Silo silo, GrainClass grainClass, GrainId grainId, long number)
    {
        Silo = silo;
        GrainId = grainId;
        Number = number;
        ActivationId = new ActivationId(silo.Id(number));
        _class = grainClass;
        _logger = silo.Logger;
        _turns = new TurnQueue(this, silo.TurnScheduler, _logger);
        _lifecycle = new Lifecycle(_logger);
        _lastUsed = silo.Time.GetTimestamp();
    }

    /// <summary>The activation whose turn this code runs in; null outside grains.</summary>
    public static Activation? Current => TurnQueue.Running?.Owner;

    public Silo Silo { get; }

    public TurnQueue Turns => _turns;

    public GrainClass Class => _class;

    /// <summary>Later activations of a silo have higher numbers.</summary>
    public long Number { get; }

    public ActivationState State { get; private set; }

    public GrainId GrainId { get; }

    public ActivationId ActivationId { get; }

    public object? GrainInstance { get; private set; }

    public GrainReference GrainReference => _reference ??= Silo.References.Get(GrainId, typeof(IGrain));

    public IServiceProvider ActivationServices => (_scope ?? throw new InvalidOperationException($"{this} is not active.")).ServiceProvider;

    public IGrainLifecycle ObservableLifecycle => _lifecycle;

    public Task Deactivated => _deactivated.Task;

    public Enumerations Enumerations => field ??= new(this);

    /// <summary>Takes a request. May come from anywhere.</summary>
    public void Receive(Request request)
    {
        request.Activation = this;
        _ = Interlocked.Increment(ref _load);
        _turns.Enqueue(request);
    }

    /// <summary>Begins to end the activation. May come from anywhere.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        // From the grain's own code it holds at once: the request that comes next must not start any more.
        if (ReferenceEquals(Current, this))
        {
            BeginDeactivation(deactivationReason, cancellationToken);
        }
        else
        {
            _turns.Enqueue(new DeactivationItem(this, deactivationReason, cancellationToken));
        }
    }

    /// <summary>Whether requests run, or the activation begins or ends, and something is awaited for that.</summary>
    public bool IsInTheMiddle => _running.Count > 0 || _activating || _finishing;

    public GrainTimer StartTimer(Func<CancellationToken, Task> callback, TimeSpan period, bool interleave)
    {
        var timer = new GrainTimer(this, callback, new(period, period) { Interleave = interleave });
        timer.Start(period);
        return timer;
    }

    public void Add(GrainTimer timer) => _timers.Add(timer);

    public void Remove(GrainTimer timer) => _timers.Remove(timer);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"[Activation: {Silo.Address}/{GrainId}{ActivationId} {State}]";

    public bool IsRunning(Request request) => _running.Contains(request);

    /// <summary>Says which requests run, for messages about failures.</summary>
    public string DescribeRunning() => _running.Count == 0
        ? $"{State}, between requests"
        : $"in {string.Join(" and ", _running.Select(request => request.ToString()).Order(StringComparer.Ordinal))}";

    private async Task ActivateAsync(Dictionary<string, object>? requestContext)
    {
        State = ActivationState.Activating;
        _activating = true;
        using var timeout = new CancellationTokenSource(Silo.Collection.ActivationTimeout, Silo.Time);
        try
        {
            RequestContext.Current = requestContext;
            _scope = Silo.Services.CreateAsyncScope();
            ActivationServices.GetRequiredService<ActivationHolder>().Activation = this;
            GrainInstance = _class.Construct(this);
            await _lifecycle.OnStart(timeout.Token).WaitAsync(timeout.Token);
            if (GrainInstance is IGrainBase grain)
            {
                await grain.OnActivateAsync(timeout.Token).WaitAsync(timeout.Token);
            }

            if (State == ActivationState.Activating)
            {
                State = ActivationState.Valid;
            }

            // If somebody asked for the end meanwhile: the grain has been activated, so it is deactivated as well.
            _wasValid = true;
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "{Activation} could not be activated.", this);
            State = ActivationState.Deactivating;
            _wasValid = false;
            _reason = new(DeactivationReasonCode.ActivationFailed, exception, "Failed to activate grain.");
        }

        _activating = false;
        QueuePump();
    }

    private void BeginDeactivation(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (State >= ActivationState.Deactivating)
        {
            return;
        }

        _reason = reason;
        _deactivationToken = cancellationToken;
        State = ActivationState.Deactivating;
        QueuePump();
    }

    private void FinishIfQuiet()
    {
        if (State == ActivationState.Deactivating && _running.Count == 0 && !_activating && !_finishing)
        {
            _ = FinishAsync();
        }
    }

    private async Task FinishAsync()
    {
        _finishing = true;
        GrainTimer[] timers = [.. _timers];
        foreach (var timer in timers)
        {
            timer.Dispose();
        }

        using var timeout = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _deactivationToken);
        if (_wasValid && GrainInstance is IGrainBase grain)
        {
            await GuardAsync("deactivating", () => grain.OnDeactivateAsync(_reason, either.Token).WaitAsync(either.Token));
        }

        await GuardAsync("ending its life", () => _lifecycle.OnStop(either.Token).WaitAsync(either.Token));
        await GuardAsync("ending its streams", () => Enumerations.DisposeAsync().AsTask().WaitAsync(either.Token));
        Silo.Catalog.Remove(this);
        State = ActivationState.Invalid;
        await GuardAsync("disposing it", DisposeAsync);
        ReleaseWaiting();
        _deactivated.SetResult();
    }

    private async Task DisposeAsync()
    {
        if (GrainInstance is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else
        {
            (GrainInstance as IDisposable)?.Dispose();
        }

        if (_scope is { } scope)
        {
            await scope.DisposeAsync();
        }
    }

    private async Task GuardAsync(string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "{Activation} failed while {What}.", this, what);
        }
    }

    private sealed class DeactivationItem(Activation activation, DeactivationReason reason, CancellationToken token) : WorkItem
    {
        public override void Execute() => activation.BeginDeactivation(reason, token);
    }
}
