using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mnist.Grains.Telemetry;

namespace Mnist.Coordinator.Training;

/// <summary>Notes when the first step of a run begins: what users wait for before anything is trained.</summary>
internal sealed class FirstStepClock : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _begun;

    private FirstStepClock()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == TelemetryNames.StepDuration && instrument.Meter.Name == TelemetryNames.Source)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, _, _) => StepEnded(instrument, seconds));
    }

    /// <summary>When the first step began; null where steps are computed in other processes.</summary>
    public DateTimeOffset? FirstStepAt => Volatile.Read(ref _begun) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Seconds from the start of this process until then.</summary>
    public double? StartSeconds
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return (FirstStepAt - process.StartTime)?.TotalSeconds;
        }
    }

    /// <summary>Begins to wait for the first step.</summary>
    public static FirstStepClock Start()
    {
        var clock = new FirstStepClock();
        clock._listener.Start();
        return clock;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void StepEnded(Instrument instrument, double seconds)
    {
        if (Interlocked.CompareExchange(ref _begun, DateTime.UtcNow.AddSeconds(-seconds).Ticks, 0) == 0)
        {
            _ = _listener.DisableMeasurementEvents(instrument);
        }
    }
}
