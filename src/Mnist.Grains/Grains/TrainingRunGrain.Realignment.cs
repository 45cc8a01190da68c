using Microsoft.Extensions.Logging;
using Mnist.Grains.Protocol;

namespace Mnist.Grains.Grains;

/// <content>What brings partitions together again that lost step with each other.</content>
public sealed partial class TrainingRunGrain
{
    /// <summary>Partitions that train move within this time; those that do not wait for each other.</summary>
    private static readonly TimeSpan StandstillPatience = TimeSpan.FromMilliseconds(200);

    private Task _realigning = Task.CompletedTask;

    /// <inheritdoc/>
    public Task RealignAsync()
    {
        // Every worker calls that finds the partitions apart.
        if (_realigning.IsCompleted)
        {
            _realigning = RealignOnceAsync();
        }

        return _realigning;
    }

    private async Task RealignOnceAsync()
    {
        var before = await GetPositionsAsync();
        if (!before.Exists(position => position.Current != before[0].Current))
        {
            return;
        }

        await Task.Delay(StandstillPatience, _time);
        var positions = await GetPositionsAsync();
        if (!positions.Select(position => position.Current).SequenceEqual(before.Select(position => position.Current)))
        {
            return;
        }

        var common = RealignmentPolicy.CommonRound(positions);
        LogRealign(RunId, common);
        foreach (var server in Servers())
        {
            await server.RewindAsync(common);
        }
    }

    private async Task<List<PartitionPosition>> GetPositionsAsync()
    {
        var positions = new List<PartitionPosition>();
        foreach (var server in Servers())
        {
            var rounds = await server.GetRoundsAsync();
            positions.Add(new PartitionPosition(rounds.Current, rounds.Checkpoints));
        }

        return positions;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}: partitions stay at different rounds, all go back to round {Round}")]
    private partial void LogRealign(string runId, long round);
}
