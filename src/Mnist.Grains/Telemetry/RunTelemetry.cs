using System.Diagnostics;
using Mnist.Grains.Contracts;

namespace Mnist.Grains.Telemetry;

/// <summary>What a run measures.</summary>
internal sealed class RunTelemetry(string runId, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _run = new(TelemetryNames.RunId, runId);

    /// <summary>Context of the start, for the servers that serve the run from then on; null where it is not traced.</summary>
    public string? Start { get; private set; }

    /// <summary>Traces the start of the run.</summary>
    /// <param name="request">Says what the start is part of.</param>
    /// <param name="start">Starts the run.</param>
    public async Task StartAsync(RunRequest request, Func<Task> start)
    {
        var span = TrainingTraces.Begin(TelemetryNames.StartRun, TrainingTraces.Read(request.TraceParent), time)
            ?.SetTag(TelemetryNames.RunId, runId);
        Start = TrainingTraces.ParentOf(span) ?? request.TraceParent;
        try
        {
            await start();
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message).SetTag(TelemetryNames.ErrorType, exception.GetType().FullName);
            throw;
        }
        finally
        {
            TrainingTraces.End(span, time);
        }
    }

    /// <summary>Leases were divided anew.</summary>
    /// <param name="moves">Those whose owner is another one now.</param>
    public void LeasesMoved(int moves)
    {
        if (moves > 0)
        {
            TrainingMeters.LeaseMoves.Add(moves, _run);
        }
    }

    /// <summary>A server attached that is not the first one.</summary>
    public void Recovered() => TrainingMeters.Recoveries.Add(1, _run);
}
