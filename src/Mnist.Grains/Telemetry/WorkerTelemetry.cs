using System.Diagnostics;
using Mnist.Grains.Contracts;

namespace Mnist.Grains.Telemetry;

/// <summary>What a worker measures. The server says which rounds are traced.</summary>
internal sealed class WorkerTelemetry(string runId, int worker, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _run = new(TelemetryNames.RunId, runId);
    private ActivityContext _step;

    private TimeProvider Time => time;

    /// <summary>A round begins.</summary>
    /// <param name="step">Context of the step; null where it is not traced.</param>
    public void BeginRound(string? step) => _step = step is null ? default : TrainingTraces.Read(step);

    /// <summary>Measures how long the work takes until the result is disposed of.</summary>
    /// <param name="slices">Slices to compute.</param>
    public Work Compute(int slices)
    {
        var span = Begin(TelemetryNames.ComputeSlices)?.SetTag(TelemetryNames.Slices, slices);
        return span is null && !TrainingMeters.ComputeDuration.Enabled ? default : new Work(time.GetTimestamp(), span, this);
    }

    /// <summary>Waits for the answers to calls, which are the barrier at which workers wait for each other.</summary>
    public Task<ExchangeReply[]> ExchangeAsync(Task<ExchangeReply[]> calls) =>
        _step == default && !TrainingMeters.WaitDuration.Enabled ? calls : MeasureAsync(calls);

    private async Task<ExchangeReply[]> MeasureAsync(Task<ExchangeReply[]> calls)
    {
        var begun = time.GetTimestamp();
        var span = Begin(TelemetryNames.Exchange);
        try
        {
            return await calls;
        }
        finally
        {
            TrainingTraces.End(span, time);
            TrainingMeters.WaitDuration.Record(time.GetElapsedTime(begun).TotalSeconds, _run);
        }
    }

    private Activity? Begin(string name) => _step == default
        ? null
        : TrainingTraces.Begin(name, _step, time)?.SetTag(TelemetryNames.RunId, runId).SetTag(TelemetryNames.Worker, worker);

    /// <summary>Work that is being measured; the default value measures nothing.</summary>
    internal readonly struct Work(long begun, Activity? span, WorkerTelemetry owner) : IDisposable
    {
        public void Dispose()
        {
            if (owner is not null)
            {
                TrainingTraces.End(span, owner.Time);
                TrainingMeters.ComputeDuration.Record(owner.Time.GetElapsedTime(begun).TotalSeconds, owner._run);
            }
        }
    }
}
