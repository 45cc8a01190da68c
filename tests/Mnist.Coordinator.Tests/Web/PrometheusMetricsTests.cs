using System.Diagnostics.Metrics;
using Mnist.ServiceDefaults.Metrics;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>What a scrape shows of what was measured.</summary>
public sealed class PrometheusMetricsTests : IDisposable
{
    private readonly string _name = $"mnist.test{Guid.NewGuid():N}";
    private readonly Meter _meter = new("Mnist.Tests");
    private readonly PrometheusMetrics _metrics = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Series_have_names_units_help_and_labels_in_Prometheus_form()
    {
        var images = _meter.CreateCounter<long>($"{_name}.images", "{image}", "Images,\nof all kinds.");
        images.Add(3, new KeyValuePair<string, object?>("mnist.run.id", "a \"run\"\\"));
        images.Add(4, new KeyValuePair<string, object?>("mnist.run.id", "a \"run\"\\"));

        var name = $"{_name.Replace('.', '_')}_images_total";
        Assert.Equal(
            [$"# HELP {name} Images,\\nof all kinds.", $"# TYPE {name} counter", $"{name}{{mnist_run_id=\"a \\\"run\\\"\\\\\"}} 7"],
            Lines("images"));
    }

    [Fact]
    public void Buckets_of_a_histogram_count_everything_up_to_their_bound()
    {
        var durations = _meter.CreateHistogram(
            $"{_name}.duration", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (var seconds in (double[])[0.25, 0.5, 0.75, 2])
        {
            durations.Record(seconds);
        }

        var name = $"{_name.Replace('.', '_')}_duration_seconds";
        Assert.Equal(
            [
                $"{name}_bucket{{le=\"0.5\"}} 2", $"{name}_bucket{{le=\"1\"}} 3", $"{name}_bucket{{le=\"+Inf\"}} 4",
                $"{name}_sum 3.5", $"{name}_count 4",
            ],
            Lines("duration")[2..]);
    }

    [Fact]
    public void The_order_of_tags_and_the_thread_that_measures_make_no_difference()
    {
        var bytes = _meter.CreateCounter<long>($"{_name}.io", "By");
        KeyValuePair<string, object?> run = new("run", "1"), direction = new("direction", "receive");
        Parallel.For(0, 1000, i =>
        {
            bytes.Add(1, i % 2 == 0 ? [run, direction] : [direction, run]);
            bytes.Add(1, run, new("direction", "transmit"));
        });

        var name = $"{_name.Replace('.', '_')}_io_bytes_total";
        Assert.Equal(
            [$"{name}{{direction=\"receive\",run=\"1\"}} 1000", $"{name}{{direction=\"transmit\",run=\"1\"}} 1000"], Lines("io")[2..]);
    }

    [Fact]
    public void Series_that_nothing_is_recorded_in_any_more_make_room_for_new_ones()
    {
        var steps = _meter.CreateCounter<long>($"{_name}.steps");
        void Step(string run) => steps.Add(1, new KeyValuePair<string, object?>("run", run));
        for (var i = 0; i < PrometheusMetrics.MaxSeries / 2; i++)
        {
            Step($"ended {i}");
        }

        Step("long");
        _metrics.Format();
        Step("long");
        for (var i = 0; i < PrometheusMetrics.MaxSeries / 2; i++)
        {
            Step($"new {i}");
        }

        // Other tests of this process measure, too, and take some of the room.
        var runs = Lines("steps");
        Assert.Contains(runs, line => line.EndsWith("{run=\"long\"} 2", StringComparison.Ordinal));
        Assert.Equal(PrometheusMetrics.MaxSeries / 2, runs.Count(line => line.Contains("\"new ", StringComparison.Ordinal)));
        Assert.InRange(
            runs.Count(line => line.Contains("\"ended ", StringComparison.Ordinal)), 1, PrometheusMetrics.MaxSeries / 2 - 1);
    }

    [Fact]
    public void Recording_makes_no_garbage()
    {
        var durations = _meter.CreateHistogram<double>($"{_name}.duration", "s");
        KeyValuePair<string, object?> run = new("run", "1"), direction = new("direction", "receive");
        durations.Record(1, run, direction);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            durations.Record(i, run, direction);
        }

        // Another test's code may be compiled on this thread meanwhile, but not a thousand times.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8000);
    }

    /// <summary>Lines of the scrape about an instrument of this test.</summary>
    private string[] Lines(string instrument) => [.. _metrics.Format().Split('\n')
        .Where(line => line.Contains($"{_name.Replace('.', '_')}_{instrument}", StringComparison.Ordinal))];
}
