namespace Orleans.Simulation;

/// <summary>A stream that a grain is producing.</summary>
internal abstract class EnumerationSession : IAsyncDisposable
{
    /// <summary>Cancelled when the caller has had enough.</summary>
    public required CancellationTokenSource Cancellation { get; init; }

    /// <summary>Whether the caller asked for elements since the last look.</summary>
    public bool Seen { get; set; } = true;

    /// <summary>Whether the caller is waiting for elements.</summary>
    public bool Busy { get; set; }

    /// <summary>Collects what is there, waiting for the first element for a while.</summary>
    public abstract Task<EnumerationBatch> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A stream of elements of a type that a grain is producing.</summary>
internal sealed class EnumerationSession<T>(IAsyncEnumerator<T> enumerator, int maxBatchSize) : EnumerationSession
{
    private Task<bool>? _moving;

    public override async Task<EnumerationBatch> NextAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        List<T> elements = [];
        while (elements.Count < maxBatchSize)
        {
            _moving ??= enumerator.MoveNextAsync().AsTask();
            if (!_moving.IsCompleted)
            {
                if (elements.Count > 0)
                {
                    break;
                }

                await WaitAsync(_moving, patience, time, cancellationToken);
                if (!_moving.IsCompleted)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return new(EnumerationStatus.Nothing, null);
                }
            }

            // An element that failed after others is for the next batch, so that the caller gets those first.
            if (elements.Count > 0 && !_moving.IsCompletedSuccessfully)
            {
                break;
            }

            bool moved = await _moving;
            _moving = null;
            if (!moved)
            {
                return new(EnumerationStatus.Completed, elements);
            }

            elements.Add(enumerator.Current);
        }

        return new(EnumerationStatus.Elements, elements);
    }

    public override async ValueTask DisposeAsync()
    {
        // Not CancelAsync, which would tell the grain on the thread pool.
        Cancellation.Cancel();

        // An iterator may not be disposed while it runs; the one that ignores its token is left to itself once it has ended.
        if (_moving is not null)
        {
            await ((Task)_moving).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        await enumerator.DisposeAsync();
        Cancellation.Dispose();
    }

    private static async Task WaitAsync(Task task, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = await Task.WhenAny(task, Task.Delay(patience, time, waiting.Token));
        waiting.Cancel();
    }
}
