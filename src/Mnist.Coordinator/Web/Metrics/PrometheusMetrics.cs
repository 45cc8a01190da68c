using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Mnist.Coordinator.Web.Metrics;

/// <summary>
/// What the meters <c>Mnist.*</c> and the runtime measure, in Prometheus' text format (version 0.0.4). It listens by itself, so that a
/// scrape needs no packages beyond the framework: docs/decisions/0007-service.md.
/// </summary>
internal sealed class PrometheusMetrics : IDisposable
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The most series: runs come and go, and each has its own.</summary>
    private const int MaxSeries = 5000;

    private static readonly string[] Meters =
        ["Mnist.", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), MetricSeries> _series = new();
    private readonly MeterListener _listener = new();

    /// <summary>Begins to listen.</summary>
    public PrometheusMetrics()
    {
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
        var key = (instrument, MetricNames.Labels(tags));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(key, _ => MetricSeries.For(instrument));
        }

        series.Record(value);
    }
}
