using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Grains.Grains;

/// <content>What is done when nobody wants to know of a run any more.</content>
public sealed partial class TrainingRunGrain
{
    /// <inheritdoc/>
    public Task DeleteAsync() => _control.RunAsync(DeleteOnceAsync);

    /// <remarks>The record goes last, since it says which partitions there are: until then the run is known as half deleted, whoever is
    /// lost meanwhile.</remarks>
    private async Task DeleteOnceAsync()
    {
        // Another activation may have ended the run, gone on with it, or deleted it.
        await ReloadAsync();
        await _record!.ChangeAsync(MarkAsDeleting);
        if (State.Request is not null)
        {
            // What clears up after the run would write its empty checkpoints where there are none any more.
            await _deleting.ContinueWith(_ => { }, TaskScheduler.Current);
            await StopForDeletionAsync();
            foreach (var server in Servers())
            {
                // Empty at first, also where there is nothing: a write that is still under way is refused then.
                await CheckpointSlots.DeleteAsync(_checkpoints, server.GetGrainId());
            }

            foreach (var server in Servers())
            {
                await CheckpointSlots.ClearAsync(_checkpoints, server.GetGrainId());
            }

            LogDeleted(RunId);
        }

        await _record.ClearAsync();
        Forget();
    }

    private RunState MarkAsDeleting(RunState state) => state switch
    {
        { Request: null } or { Status: RunStatus.Deleting } => state,
        { Status: RunStatus.Running or RunStatus.Paused } => throw new RunRejectedException(
            $"run {RunId}: is {(state.Status == RunStatus.Running ? "running" : "paused")} and cannot be deleted; cancel it first"),
        _ => new RunState { Request = state.Request, Status = RunStatus.Deleting },
    };

    /// <summary>Ends what may not have heard yet that the run is over: one that failed has told nobody.</summary>
    private async Task StopForDeletionAsync()
    {
        _timer?.Dispose();
        await (_workers?.StopAsync() ?? Task.CompletedTask);
        foreach (var server in Servers())
        {
            await server.StopAsync();
        }
    }

    /// <summary>Knows as little of the run as an activation of one that was never started.</summary>
    private void Forget()
    {
        (_spec, _plan, _workers, _leases, _report) = (null, null, null, null, null);
        (_leaseMoves, _attachments, _failedWrites, _storageFailingSince) = (0, 0, 0, null);
        _faultsOfFormerServers = new FaultCounters();
        _engines.Clear();
        _areCheckpointsDeleted = false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}: deleted")]
    private partial void LogDeleted(string runId);
}
