using System.Diagnostics;
using System.Diagnostics.Metrics;
using Mnist.Grains.Telemetry;

namespace Mnist.Coordinator.Training;

/// <summary>Measures how long it takes from the start of this process until the first step of a run begins.</summary>
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

    /// <summary>Seconds from the start of the process; null where steps are computed in other processes.</summary>
    public double? Seconds
    {
        get
        {
            var begun = Volatile.Read(ref _begun);
            using var process = Process.GetCurrentProcess();
            return begun == 0 ? null : (new DateTime(begun, DateTimeKind.Utc) - process.StartTime.ToUniversalTime()).TotalSeconds;
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
