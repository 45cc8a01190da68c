using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Pulls a stream out of a grain, batch by batch.</summary>
internal sealed class RemoteEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly EnumerableRequest<T> _request;
    private readonly IEnumerations _grain;
    private readonly CancellationTokenSource? _linked;
    private readonly CancellationToken _cancellation;
    private readonly Guid _id;
    private List<T> _batch = [];
    private int _position = -1;
    private bool _started;
    private bool _ended;

    public RemoteEnumerator(EnumerableRequest<T> request, CancellationToken cancellationToken)
    {
        _request = request;
        _grain = request.Target.Cast<IEnumerations>();
        var silo = request.Target.Shared.References.Silo;
        _id = silo.Id(silo.NextNumber());
        _cancellation = cancellationToken;
        if (request.CancellationToken is { CanBeCanceled: true } own && own != cancellationToken)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(own, cancellationToken);
            _cancellation = _linked.Token;
        }
    }

    public T Current => _batch[_position];

    public async ValueTask<bool> MoveNextAsync()
    {
        if (++_position < _batch.Count)
        {
            return true;
        }

        while (!_ended)
        {
            var next = await PullAsync();
            _batch = (List<T>?)next.Elements ?? [];
            _position = 0;
            _ended = next.Status is EnumerationStatus.Completed or EnumerationStatus.Missing;
            if (next.Status == EnumerationStatus.Missing)
            {
                throw new EnumerationAbortedException(
                    "Enumeration aborted: the grain does not know this stream. It was deactivated, or nobody asked for the next element for too long.");
            }

            if (_batch.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started && !_ended)
        {
            _ended = true;
            await _grain.StopAsync(_id);
        }

        _linked?.Dispose();
    }

    private async Task<EnumerationBatch> PullAsync()
    {
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            if (_started)
            {
                return await _grain.NextAsync(_id, _cancellation);
            }

            _started = true;
            return await _grain.StartAsync(_id, _request, _cancellation);
        }
        catch
        {
            _ended = true;
            await _grain.StopAsync(_id).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
