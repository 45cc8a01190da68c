namespace Orleans.Simulation;

/// <summary>The streams that an activation is producing.</summary>
internal sealed class Enumerations(Activation activation) : IEnumerations, IAsyncDisposable
{
    private readonly SortedDictionary<Guid, EnumerationSession> _sessions = [];
    private GrainTimer? _cleanup;

    private TimeSpan Patience => activation.Silo.ResponseTimeout / 2;

    public async Task<EnumerationBatch> StartAsync(Guid id, EnumerableRequest request, CancellationToken cancellationToken)
    {
        _cleanup ??= activation.StartTimer(CleanAsync, activation.Silo.ResponseTimeout, interleave: true);
        var cancellation = new CancellationTokenSource();
        var session = request.Start(activation.GrainInstance!, cancellation);
        _sessions.Add(id, session);
        return await NextAsync(id, session, cancellationToken);
    }

    public async Task<EnumerationBatch> NextAsync(Guid id, CancellationToken cancellationToken) =>
        _sessions.TryGetValue(id, out var session)
            ? await NextAsync(id, session, cancellationToken)
            : new(EnumerationStatus.Missing, null);

    public Task StopAsync(Guid id) => _sessions.Remove(id, out var session) ? session.DisposeAsync().AsTask() : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _cleanup?.Dispose();
        EnumerationSession[] sessions = [.. _sessions.Values];
        _sessions.Clear();
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    private async Task<EnumerationBatch> NextAsync(Guid id, EnumerationSession session, CancellationToken cancellationToken)
    {
        session.Seen = true;
        session.Busy = true;
        try
        {
            var batch = await session.NextAsync(Patience, activation.Silo.Time, cancellationToken);
            if (batch.Status == EnumerationStatus.Completed)
            {
                await StopAsync(id);
            }

            return batch;
        }
        catch
        {
            await StopAsync(id);
            throw;
        }
        finally
        {
            session.Busy = false;
        }
    }

    /// <summary>Ends the streams whose caller has not asked for elements for a whole period: it is gone.</summary>
    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, session) in _sessions.ToArray())
        {
            if (session is { Seen: false, Busy: false })
            {
                await StopAsync(id);
            }

            session.Seen = false;
        }
    }
}
