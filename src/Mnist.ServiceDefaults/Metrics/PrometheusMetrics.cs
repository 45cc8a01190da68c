using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Mnist.ServiceDefaults.Metrics;

/// <summary>
/// What the meters <c>Mnist.*</c> and the runtime measure, in Prometheus' text format (version 0.0.4). It listens by itself, so that a
/// scrape needs no packages beyond the framework: docs/decisions/0007-service.md.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The most series: runs come and go, and each has a dozen of its own.</summary>
    internal const int MaxSeries = 2000;

    private static readonly string[] Meters =
        ["Mnist.", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<SeriesKey, MetricSeries> _series = new(SeriesKey.Comparer);
    private readonly ConcurrentDictionary<SeriesKey, MetricSeries>.AlternateLookup<SeriesKey.Measured> _measured;
    private readonly MeterListener _listener = new();
    private readonly Lock _making = new();
    private int _scrapes;

    /// <summary>Begins to listen.</summary>
    public PrometheusMetrics()
    {
        _measured = _series.GetAlternateLookup<SeriesKey.Measured>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Array.Exists(Meters, meter => instrument.Meter.Name.StartsWith(meter, StringComparison.Ordinal)))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>All series as they stand now.</summary>
    public string Format()
    {
        _listener.RecordObservableInstruments();
        Interlocked.Increment(ref _scrapes);
        var text = new StringBuilder();
        var families = _series.GroupBy(entry => MetricNames.Of(entry.Key.Instrument));
        foreach (var family in families.OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            var instrument = family.First().Key.Instrument;
            var help = MetricNames.Escape(instrument.Description ?? instrument.Name);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Key} {help}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Key} {MetricNames.KindOf(instrument)}\n");
            foreach (var (key, series) in family.OrderBy(entry => entry.Key.Labels, StringComparer.Ordinal))
            {
                series.Format(text, family.Key, key.Labels);
            }
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measured = new SeriesKey.Measured(instrument, tags);
        if (!_measured.TryGetValue(measured, out var series))
        {
            series = Make(measured);
        }

        series.LastScrape = Volatile.Read(ref _scrapes);
        series.Record(value);
    }

    private MetricSeries Make(SeriesKey.Measured measured)
    {
        lock (_making)
        {
            if (_measured.TryGetValue(measured, out var series))
            {
                return series;
            }

            if (_series.Count >= MaxSeries)
            {
                // Those of runs that ended long ago go first; Prometheus has what they were.
                foreach (var (key, _) in _series.ToArray().OrderBy(entry => entry.Value.LastScrape).Take(MaxSeries / 10))
                {
                    _series.TryRemove(key, out _);
                }
            }

            return _series[new SeriesKey(measured)] = MetricSeries.For(measured.Instrument);
        }
    }
}
