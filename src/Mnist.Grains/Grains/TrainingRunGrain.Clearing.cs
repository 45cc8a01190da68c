using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Grains.Grains;

/// <content>What is left to do when a run has ended for good: its checkpoints serve nobody any more.</content>
public sealed partial class TrainingRunGrain
{
    private static readonly TimeSpan DeletionRetryDelay = TimeSpan.FromSeconds(5);

    private Task _deleting = Task.CompletedTask;
    private bool _areCheckpointsDeleted;
    private bool _isDeactivating;

    /// <summary>True when the run will never go on, and what it came to is stored without its checkpoints.</summary>
    private bool IsOver => State is { Status: RunStatus.Cancelled } or { Status: RunStatus.Completed, Model: not null };

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isDeactivating = true;

        // What is under way is ended in order: its folder may be somebody else's next.
        await _deleting.ContinueWith(_ => { }, TaskScheduler.Current);
    }

    /// <inheritdoc/>
    public Task DeleteCheckpointsAsync()
    {
        if (!_areCheckpointsDeleted && _deleting.IsCompleted)
        {
            _deleting = DeleteCheckpointsOnceAsync();
        }

        return _deleting;
    }

    private async Task DeleteCheckpointsOnceAsync()
    {
        if (!IsOver)
        {
            // Another activation may have ended it.
            await ReloadAsync();
        }

        if (!IsOver)
        {
            throw new InvalidOperationException($"run {RunId}: is {State.Status}, and keeps its checkpoints");
        }

        foreach (var server in Servers())
        {
            await CheckpointSlots.DeleteAsync(_checkpoints, server.GetGrainId());
        }

        _areCheckpointsDeleted = true;
        LogCheckpointsDeleted(RunId);
    }

    /// <summary>Deletes the checkpoints, now or for as long as it takes; ends after the first attempt.</summary>
    private async Task DeleteOrTryAgainAsync()
    {
        try
        {
            await DeleteCheckpointsAsync();
        }
#pragma warning disable CA1031 // Whatever the storage's reason: it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogCheckpointsLeft(RunId, exception.Message);
            _ = TryAgainLaterAsync();
        }
    }

    private async Task TryAgainLaterAsync()
    {
        await Task.Delay(DeletionRetryDelay, _time);
        if (!_isDeactivating && IsOver)
        {
            await DeleteOrTryAgainAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: has ended, its checkpoints are deleted")]
    private partial void LogCheckpointsDeleted(string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}: has ended, and its checkpoints cannot be deleted at the moment: {Reason}")]
    private partial void LogCheckpointsLeft(string runId, string reason);
}
