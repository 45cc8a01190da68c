namespace Mnist.Coordinator.Service.Runs;

/// <summary>Runs that wait, in the order of their arrival, and those that are trained: as many at once as there is capacity.</summary>
internal sealed class RunQueue(ServiceOptions options, RunTrainer trainer)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<RunAttempt> _waiting = new();
    private readonly List<RunAttempt> _running = [];
    private bool _isSuspended;

    /// <summary>Refuses another run where too many wait.</summary>
    /// <exception cref="ServiceException">Too many wait.</exception>
    public void CheckRoom()
    {
        lock (_lock)
        {
            if (_isSuspended)
            {
                throw new ServiceException(ServiceProblem.Unavailable, "the coordinator is stopping");
            }

            if (_waiting.Count >= options.MaxQueued)
            {
                throw new ServiceException(ServiceProblem.TooMany, $"{_waiting.Count} runs wait already, which is the most");
            }
        }
    }

    /// <summary>Whether a run waits or is trained.</summary>
    public bool Contains(RunEntry entry)
    {
        lock (_lock)
        {
            return entry.Attempt is not null;
        }
    }

    /// <summary>Waits until nobody works on a run that is over.</summary>
    public Task WhenDoneAsync(RunEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return entry.Attempt?.Done.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }

    /// <summary>Runs that are before a run; null where it does not wait.</summary>
    public int? PositionOf(RunEntry entry)
    {
        lock (_lock)
        {
            var position = _waiting.TakeWhile(attempt => attempt.Entry != entry).Count();
            return position < _waiting.Count ? position : null;
        }
    }

    /// <summary>Puts a run at the end of the queue.</summary>
    public void Enqueue(RunAttempt attempt)
    {
        lock (_lock)
        {
            attempt.Entry.Attempt = attempt;
            attempt.Entry.Publish(RunEventTypes.Queued);
            _waiting.AddLast(attempt);
        }

        StartNext();
    }

    /// <summary>Stops a run that waits or is trained, and waits until it has stopped.</summary>
    /// <param name="entry">The run.</param>
    /// <param name="ending">What becomes of it, see <see cref="RunAttempt.Ending"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the run is stopped all the same.</param>
    /// <returns>False where the run does not wait and is not trained.</returns>
    public async Task<bool> StopAsync(RunEntry entry, string ending, CancellationToken cancellationToken)
    {
        RunAttempt? attempt;
        bool isWaiting;
        lock (_lock)
        {
            attempt = entry.Attempt;
            attempt?.Stop(ending);
            isWaiting = attempt is not null && _waiting.Remove(attempt);
        }

        if (attempt is null)
        {
            return false;
        }

        if (isWaiting)
        {
            await FinishAsync(attempt, () => EndAsync(attempt, cancellationToken));
        }

        await attempt.Done.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>Ends a run that is not trained at the moment.</summary>
    public Task EndAsync(RunAttempt attempt, CancellationToken cancellationToken) => trainer.EndAsync(attempt, cancellationToken);

    /// <summary>Stops everything; it goes on with the next start.</summary>
    public async Task SuspendAsync(CancellationToken cancellationToken)
    {
        RunAttempt[] all;
        lock (_lock)
        {
            _isSuspended = true;
            all = [.. _running, .. _waiting];
        }

        await Task.WhenAll(all.Select(attempt => StopAsync(attempt.Entry, RunEventTypes.Suspended, cancellationToken)));
    }

    private void StartNext()
    {
        lock (_lock)
        {
            while (!_isSuspended && _running.Count < options.RunsAtOnce && _waiting.First is { Value: var attempt })
            {
                _waiting.RemoveFirst();
                _running.Add(attempt);
                _ = Task.Run(() => FinishAsync(attempt, () => trainer.TrainAsync(attempt)));
            }
        }
    }

    private async Task FinishAsync(RunAttempt attempt, Func<Task> work)
    {
        try
        {
            await work();
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(attempt);
                attempt.Entry.Attempt = null;

                // Who finds no attempt finds the folder free.
                attempt.Dispose();
            }

            StartNext();
        }
    }
}
