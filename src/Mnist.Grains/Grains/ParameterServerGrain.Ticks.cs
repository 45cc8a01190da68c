using Microsoft.Extensions.Logging;

namespace Mnist.Grains.Grains;

/// <content>What happens because time passes: late slices are given away, and those who have waited long enough are answered.</content>
public sealed partial class ParameterServerGrain
{
    private TimeSpan _tickDue = TimeSpan.MaxValue;

    /// <summary>Does what is due at a moment, unless there was a reason to look earlier.</summary>
    /// <remarks>No grain timer, since Orleans queues its ticks behind requests: while an activation ends it takes none from the queue,
    /// but waits until those that it has begun are answered, which is what the tick does.</remarks>
    private async Task TickAsync(TimeSpan due)
    {
        // Whole milliseconds, as delays are cut to them: one that ends early would begin again and again.
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - Now).TotalMilliseconds))), _time);
        if (due != _tickDue)
        {
            return;
        }

        _tickDue = TimeSpan.MaxValue;
        if (_server is null || _isEnded)
        {
            return;
        }

        var now = Now;
        foreach (var decision in WantsSlices ? _server.Coordinator.Tick(now) : [])
        {
            LogSpeculation(_runId, _server.Round.Number, decision.Worker, decision.Slices);
            _telemetry!.Speculated(decision.Slices.Length);
            _waiting.Answer(decision.Worker, Nothing() with { Slices = decision.Slices, Speculative = true });
        }

        _waiting.AnswerExpired(now, request =>
        {
            _server.Coordinator.Leave(request.Worker);
            return Nothing();
        });
        StartReportIfDue();
        ScheduleTick();
    }

    /// <summary>Has the next moment awaited at which something may have to be done, unless an earlier one is awaited anyway.</summary>
    private void ScheduleTick()
    {
        var due = _waiting.FirstDeadline ?? TimeSpan.MaxValue;
        due = WantsSlices && _server!.Coordinator.NextTick is { } tick && tick < due ? tick : due;
        if (due < _tickDue)
        {
            _tickDue = due;
            _ = TickAsync(due);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: round {Round} is late, worker {Worker} computes slices {Slices} again")]
    private partial void LogSpeculation(string runId, long round, int worker, int[] slices);
}
