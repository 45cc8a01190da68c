using System.Diagnostics.Metrics;
using Mnist.Grains.Telemetry;

namespace Mnist.Grains.Tests.Telemetry;

/// <summary>What is measured of one run while this listens. Other tests of this process measure, too.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<Measurement> _all = [];

    public Measurements(string runId)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Source)
            {
                lock (_lock)
                {
                    Instruments.Add(instrument);
                }

                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(runId, instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(runId, instrument, value, tags));
        _listener.Start();
    }

    public List<Instrument> Instruments { get; } = [];

    public IReadOnlyList<Measurement> Of(string instrument)
    {
        lock (_lock)
        {
            return [.. _all.Where(measurement => measurement.Instrument == instrument)];
        }
    }

    public double Sum(string instrument) => Of(instrument).Sum(measurement => measurement.Value);

    public void Dispose() => _listener.Dispose();

    private void Add(string runId, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary();
        if (Equals(all[TelemetryNames.RunId], runId))
        {
            lock (_lock)
            {
                _all.Add(new Measurement(instrument.Name, value, all));
            }
        }
    }

    internal sealed record Measurement(string Instrument, double Value, Dictionary<string, object?> Tags);
}
