using Microsoft.Extensions.Logging;
using Mnist.Grains.Protocol;
using Orleans.Storage;

namespace Mnist.Grains.Grains;

/// <content>When checkpoints are written, and how they are fenced.</content>
public sealed partial class ParameterServerGrain
{
    private long _checkpointRound = -1;
    private long _checkpoints;
    private long _failedCheckpoints;
    private TimeSpan _lastCheckpoint;
    private Task _writing = Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<long> CheckpointAsync()
    {
        await EnsureStartedAsync();
        await _writing;
        var round = _server!.Round.Number;
        if (!_slots!.Rounds.Contains(round))
        {
            await WriteCheckpointAsync(PartitionCheckpoint.Save(_server, _specSha256, _times), round);
        }

        return round;
    }

    /// <summary>The lead names a round, and its workers carry the word to the other partitions, so that all write the same one.</summary>
    private void NoteCheckpointRound(long round) => _checkpointRound = Math.Max(_checkpointRound, round);

    private void ScheduleCheckpoint(Round finished)
    {
        var server = _server!;
        var isDue = finished.Number == _checkpointRound || server.Round.IsEvaluation;
        if (isDue && _writing.IsCompleted)
        {
            _lastCheckpoint = Now;
            _writing = WriteInBackgroundAsync(PartitionCheckpoint.Save(server, _specSha256, _times), server.Round.Number);
        }

        if (server.IsLead && Now - _lastCheckpoint >= _options!.CheckpointInterval && _checkpointRound < server.Round.Number)
        {
            _checkpointRound = server.Round.Number;
        }
    }

    private async Task WriteInBackgroundAsync(CheckpointState checkpoint, long round)
    {
        try
        {
            await WriteCheckpointAsync(checkpoint, round);
        }
        catch (InconsistentStateException exception)
        {
            // Another activation serves the run by now, or nobody needs to: this one is stale, and leaves the field.
            LogFenced(_runId, _partition, exception.Message);
            DeactivateOnIdle();
        }
#pragma warning disable CA1031 // Training goes on without this checkpoint, whatever the storage's reason.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failedCheckpoints++;
            LogCheckpointFailed(_runId, _partition, round, exception.Message);
        }
    }

    private async Task WriteCheckpointAsync(CheckpointState checkpoint, long round)
    {
        await _telemetry!.WriteCheckpointAsync(_slots!.WriteAsync(round, checkpoint));
        _checkpoints++;
        LogCheckpoint(_runId, _partition, round);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}/{Partition}: checkpoint of round {Round} written")]
    private partial void LogCheckpoint(string runId, int partition, long round);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}/{Partition}: checkpoint of round {Round} not written: {Reason}")]
    private partial void LogCheckpointFailed(string runId, int partition, long round, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}/{Partition}: this activation was replaced, or the run has ended: {Reason}")]
    private partial void LogFenced(string runId, int partition, string reason);
}
