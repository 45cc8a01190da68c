using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <content>How a partition comes to the round that it serves, other than by finishing the one before.</content>
public sealed partial class ParameterServerGrain
{
    /// <inheritdoc/>
    public async Task<PartitionRounds> GetRoundsAsync()
    {
        await EnsureStartedAsync();
        return new PartitionRounds { Current = _server!.Round.Number, Checkpoints = [.. _slots!.Rounds] };
    }

    /// <inheritdoc/>
    public async Task RewindAsync(long round)
    {
        await EnsureStartedAsync();
        var server = _server!;
        if (server.Round.Number != round)
        {
            LogRewind(_runId, _partition, server.Round.Number, round);
            Restore(round);
        }
        else
        {
            // It begins its round anew with the others: workers that wait here are wanted there.
            server.GoTo(round, [.. server.StepLosses]);
            server.Coordinator.Begin(server.Round, Now);
        }

        _waiting.AnswerAll(Reply);
    }

    /// <summary>Goes to a stored checkpoint, or to the initial weights for round 0.</summary>
    private void Restore(long round)
    {
        var server = _server!;
        _times = default;
        if (round == 0)
        {
            server.Store.Initialize();
            server.Ledger.Restore(0, 0, 0, new ulong[server.Ledger.Applied.Length]);
            server.GoTo(0, []);
        }
        else
        {
            _times = _slots!.Load(round, server);
        }

        _checkpointRound = -1;
        (_lastCheckpoint, _roundBegun) = (Now, Now);
        BeginTrace();
        server.Coordinator.Begin(server.Round, Now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}/{Partition}: going back from round {From} to the checkpoint of round {To}")]
    private partial void LogRewind(string runId, int partition, long from, long to);
}
