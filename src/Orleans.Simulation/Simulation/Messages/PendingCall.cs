using System.Threading.Tasks.Sources;

namespace Orleans.Simulation;

/// <summary>
/// A call whose caller waits. Whatever comes first decides it: the response, the time-out, cancellation or the silo's end. If a grain
/// waits, it learns of the outcome in a turn of its own.
/// </summary>
internal abstract class PendingCall : WorkItem
{
    private readonly TurnQueue? _caller;
    private object? _result;
    private Exception? _exception;
    private CancellationTokenRegistration _cancellation;
    private int _decided;

    protected PendingCall(TurnQueue? caller) => _caller = caller;

    /// <summary>The request that was sent.</summary>
    public RequestMessage Request { get; set; } = null!;

    /// <summary>Links of the list in <see cref="CallTimeouts"/>.</summary>
    public LinkedListNode<PendingCall>? TimeoutNode { get; set; }

    public bool IsDecided => Volatile.Read(ref _decided) != 0;

    public void OnCancellation(Action<PendingCall, CancellationToken> cancel, CancellationToken token)
    {
        _cancellation = token.UnsafeRegister(
            static (state, token) =>
            {
                var (call, cancel) = ((PendingCall, Action<PendingCall, CancellationToken>))state!;
                cancel(call, token);
            },
            (this, cancel));
        if (IsDecided)
        {
            _ = _cancellation.Unregister();
        }
    }

    /// <summary>Decides the call. Only the first decision counts.</summary>
    public bool TryDecide(object? result, Exception? exception)
    {
        if (Interlocked.Exchange(ref _decided, 1) != 0)
        {
            return false;
        }

        _result = result;
        _exception = exception;
        _ = _cancellation.Unregister();
        if (_caller is null)
        {
            Execute();
        }
        else
        {
            _caller.Enqueue(this);
        }

        return true;
    }

    public override void Execute() => Resume(_result, _exception);

    protected abstract void Resume(object? result, Exception? exception);
}

/// <summary>A call with a result of a type; <see cref="object"/> for none.</summary>
internal sealed class PendingCall<T> : PendingCall, IValueTaskSource<T>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<T> _source;

    public PendingCall(TurnQueue? caller)
        : base(caller)
    {
        // Within a turn of the calling grain its code continues at once. Code outside grains must not continue on the callee's turn.
        _source.RunContinuationsAsynchronously = caller is null;
    }

    public ValueTask<T> WithResult => new(this, _source.Version);

    public ValueTask WithoutResult => new(this, _source.Version);

    public T GetResult(short token) => _source.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Resume(object? result, Exception? exception)
    {
        if (exception is null)
        {
            _source.SetResult((T)result!);
        }
        else
        {
            _source.SetException(exception);
        }
    }
}
