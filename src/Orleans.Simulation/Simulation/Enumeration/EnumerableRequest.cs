using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A call of a grain method that returns a stream. The grain runs it only once somebody enumerates.</summary>
internal abstract class EnumerableRequest(GrainReference target, MethodModel method, object?[] arguments)
{
    public int MaxBatchSize { get; set; } = 100;

    public GrainReference Target { get; } = target;

    /// <summary>The token among the arguments, if there is one.</summary>
    public CancellationToken CancellationToken =>
        method.CancellationTokenIndex is { } index ? (CancellationToken)arguments[index]! : CancellationToken.None;

    /// <summary>Starts the stream in the grain.</summary>
    public abstract EnumerationSession Start(object grain, CancellationTokenSource cancellation);

    protected object Invoke(object grain, CancellationToken cancellationToken)
    {
        object?[] own = [.. arguments];
        if (method.CancellationTokenIndex is { } index)
        {
            own[index] = cancellationToken;
        }

        return method.InvokeRaw(grain, own) ?? throw new InvalidOperationException($"{method} returned null instead of a stream.");
    }
}

/// <summary>A call of a grain method that returns a stream of elements of a type.</summary>
internal sealed class EnumerableRequest<T>(GrainReference target, MethodModel method, object?[] arguments)
    : EnumerableRequest(target, method, arguments), IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new RemoteEnumerator<T>(this, cancellationToken);

    public override EnumerationSession Start(object grain, CancellationTokenSource cancellation)
    {
        var stream = (IAsyncEnumerable<T>)Invoke(grain, cancellation.Token);
        return new EnumerationSession<T>(stream.GetAsyncEnumerator(cancellation.Token), MaxBatchSize) { Cancellation = cancellation };
    }
}
