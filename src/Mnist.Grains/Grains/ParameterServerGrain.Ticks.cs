using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Protocol;

namespace Mnist.Grains.Grains;

/// <content>What happens because time passes: late slices are given away, and those who have waited long enough are answered.</content>
public sealed partial class ParameterServerGrain
{
    private TimeSpan _tickDue = TimeSpan.MaxValue;

    /// <summary>The next moment at which something may have to be done.</summary>
    private TimeSpan NextDue
    {
        get
        {
            var due = _waiting.FirstDeadline ?? TimeSpan.MaxValue;
            return WantsSlices && _server!.Coordinator.NextTick is { } tick && tick < due ? tick : due;
        }
    }

    /// <summary>Does what is due at a moment, unless there was a reason to look earlier.</summary>
    /// <remarks>No grain timer, since Orleans queues its ticks behind requests: while an activation ends it takes none from the queue,
    /// but waits until those that it has begun are answered, which is what the tick does.</remarks>
    private async Task TickAsync(TimeSpan due)
    {
        await _time.PassAsync(due - Now);
        if (due == _tickDue)
        {
            // A timer that fired early counts as if it had not: it would be set again and again.
            Tick(Now > due ? Now : due);
        }
    }

    private void Tick(TimeSpan now)
    {
        _tickDue = TimeSpan.MaxValue;
        if (_server is null || _isEnded)
        {
            return;
        }

        Give(WantsSlices ? _server.Coordinator.Tick(now) : []);
        _waiting.AnswerExpired(now, request =>
        {
            _server.Coordinator.Leave(request.Worker);
            return Nothing();
        });
        StartReportIfDue();
        ScheduleTick();
    }

    /// <summary>Gives slices to workers that wait.</summary>
    private void Give(IReadOnlyList<WorkDecision> decisions)
    {
        foreach (var (worker, slices, isSpeculative, reason) in decisions)
        {
            LogGiven(_runId, _server!.Round.Number, worker, slices, reason);
            _telemetry!.Speculated(isSpeculative ? slices.Length : 0);
            _waiting.Answer(worker, Nothing() with { Slices = slices, Speculative = isSpeculative });
        }
    }

    /// <summary>Somebody waits from now on: does what is due already, so that an idle worker gets late slices at once.</summary>
    private void TickOrSchedule()
    {
        var now = Now;
        if (NextDue <= now && _tickDue != TimeSpan.MinValue)
        {
            Tick(now);
        }
        else
        {
            ScheduleTick();
        }
    }

    /// <summary>Has the next moment awaited at which something may have to be done, unless an earlier one is awaited anyway.</summary>
    private void ScheduleTick()
    {
        if (NextDue is var due && due < _tickDue)
        {
            _tickDue = due;
            _ = TickAsync(due);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Debug, Message = "{RunId}: in round {Round} worker {Worker} computes slices {Slices} as well: {Reason}")]
    private partial void LogGiven(string runId, long round, int worker, int[] slices, string reason);
}
