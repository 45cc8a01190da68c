using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Mnist.ServiceDefaults.Metrics;

/// <summary>One series: an instrument with one set of labels.</summary>
internal abstract class MetricSeries
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>How many scrapes there had been when something was recorded last.</summary>
    public int LastScrape { get; set; }

    /// <summary>The series of an instrument.</summary>
    public static MetricSeries For(Instrument instrument) => MetricNames.KindOf(instrument) switch
    {
        "histogram" => new Distribution(Bounds(instrument)),
        "counter" when !instrument.IsObservable => new Sum(),
        _ when instrument.GetType().GetGenericTypeDefinition() == typeof(UpDownCounter<>) => new Sum(),
        _ => new Last(),
    };

    /// <summary>Takes a measurement in. Callers come from all threads.</summary>
    public abstract void Record(double value);

    /// <summary>Writes the lines of the series.</summary>
    public abstract void Format(StringBuilder text, string name, string labels);

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private static void Line(StringBuilder text, string name, string labels, double value) => text.Append(
        CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value:R}\n");

    private sealed class Last : MetricSeries
    {
        private double _value;

        public override void Record(double value) => Volatile.Write(ref _value, value);

        public override void Format(StringBuilder text, string name, string labels) => Line(text, name, labels, Volatile.Read(ref _value));
    }

    private sealed class Sum : MetricSeries
    {
        private readonly Lock _lock = new();
        private double _value;

        public override void Record(double value)
        {
            lock (_lock)
            {
                _value += value;
            }
        }

        public override void Format(StringBuilder text, string name, string labels)
        {
            lock (_lock)
            {
                Line(text, name, labels, _value);
            }
        }
    }

    private sealed class Distribution(double[] bounds) : MetricSeries
    {
        private readonly Lock _lock = new();
        private readonly long[] _counts = new long[bounds.Length + 1];
        private double _sum;

        public override void Record(double value)
        {
            // The first bound that is not below the value.
            var index = Array.BinarySearch(bounds, value);
            lock (_lock)
            {
                _counts[index < 0 ? ~index : index]++;
                _sum += value;
            }
        }

        public override void Format(StringBuilder text, string name, string labels)
        {
            lock (_lock)
            {
                var separator = labels.Length > 0 ? "," : "";
                var count = 0L;
                for (var i = 0; i < _counts.Length; i++)
                {
                    count += _counts[i];
                    var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                    Line(text, $"{name}_bucket", $"{labels}{separator}le=\"{bound}\"", count);
                }

                Line(text, $"{name}_sum", labels, _sum);
                Line(text, $"{name}_count", labels, count);
            }
        }
    }
}
