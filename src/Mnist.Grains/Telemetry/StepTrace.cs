using System.Diagnostics;
using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;

namespace Mnist.Grains.Telemetry;

/// <summary>
/// The spans of single steps at the lead server: at most one step a second, since the steps of a run are many and alike. The first
/// one after a start is part of the trace in which the run was started; the others begin traces of their own, linked to that one.
/// </summary>
internal sealed class StepTrace(string runId, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private ActivityContext _run;
    private long? _lastBegun;
    private Activity? _step;
    private DateTimeOffset _completed;

    /// <summary>The context of the step, for the workers that compute it; null for a step that is not traced.</summary>
    public string? Parent => TrainingTraces.ParentOf(_step);

    /// <summary>The server begins to serve.</summary>
    /// <param name="run">Context in which the run was started.</param>
    public void Attach(string? run) => (_run, _lastBegun) = (TrainingTraces.Read(run), null);

    /// <summary>A round begins.</summary>
    public void Begin(in Round round)
    {
        if (_step is not null)
        {
            _step.SetStatus(ActivityStatusCode.Error, "the server went back to a checkpoint");
            End();
        }

        if (round.IsEvaluation || !TrainingTraces.HasListeners)
        {
            return;
        }

        var now = time.GetTimestamp();
        if (_lastBegun is { } last && time.GetElapsedTime(last, now) < Interval)
        {
            return;
        }

        var isFirst = _lastBegun is null;
        _lastBegun = now;
        _step = TrainingTraces.BeginDetached(TelemetryNames.TrainStep, isFirst ? _run : default, isFirst ? default : _run, time.GetUtcNow())
            ?.SetTag(TelemetryNames.RunId, runId)
            .SetTag(TelemetryNames.Step, round.Step)
            .SetTag(TelemetryNames.Epoch, round.Epoch);
    }

    /// <summary>A worker calls; it may hand in contributions.</summary>
    public void Receive(ExchangeRequest request)
    {
        if (_step is not null && request.Frames.Length > 0)
        {
            _step.AddEvent(new ActivityEvent("contribution", time.GetUtcNow(), new() { [TelemetryNames.Worker] = request.Worker }));
        }
    }

    /// <summary>All contributions are there.</summary>
    public void Complete()
    {
        if (_step is not null)
        {
            _completed = time.GetUtcNow();
        }
    }

    /// <summary>The weights of the next step are there.</summary>
    public void Apply()
    {
        if (_step is not null)
        {
            TrainingTraces.End(TrainingTraces.BeginDetached(TelemetryNames.ApplyGradients, _step.Context, default, _completed), time);
            End();
        }
    }

    private void End()
    {
        TrainingTraces.End(_step, time);
        _step = null;
    }
}
