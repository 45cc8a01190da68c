using Mnist.Coordinator.Reports.Charts;
using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Dashboard.Charts;

/// <summary>The charts of runs. Horizontal axes span the whole run from its beginning, so that a live chart never jumps.</summary>
internal static class RunCharts
{
    /// <summary>More points than this are not told apart, and each travels to the browser.</summary>
    private const int PointsMax = 240;

    private const double LeastLoss = 1e-6;

    /// <summary>A run with its curves.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Metrics">Its curves.</param>
    public sealed record Curves(RunView Run, RunMetrics Metrics);

    /// <summary>Loss over the steps.</summary>
    /// <param name="runs">One run, or several to compare.</param>
    public static Chart Loss(params IReadOnlyList<Curves> runs)
    {
        var series = new List<ChartSeries>();
        foreach (var (i, curves) in runs.Index())
        {
            var steps = curves.Metrics.Steps.Select(point => ((double)point.Step, point.Loss));
            var test = curves.Metrics.Epochs.Select(epoch => ((double)epoch.Step, epoch.TestLoss));
            series.Add(new(Name(runs, i, "training"), runs.Count == 1 ? 0 : i, Clean(steps), SeriesStyle.Line));
            if (runs.Count == 1)
            {
                series.Add(new("test", 1, Clean(test), SeriesStyle.Dotted));
            }
        }

        var values = series.SelectMany(line => line.Points).Select(point => point.Y).DefaultIfEmpty(1).ToArray();
        return new Chart(
            "Loss",
            new ChartAxis("step", 0, Math.Max(1, runs.Max(LastStep))),
            new ChartAxis("cross-entropy, nats", values.Min() / 1.25, values.Max() * 1.25, IsLogarithmic: true),
            series);
    }

    /// <summary>Accuracy over the epochs.</summary>
    /// <param name="runs">One run, or several to compare.</param>
    public static Chart Accuracy(params IReadOnlyList<Curves> runs)
    {
        var series = new List<ChartSeries>();
        foreach (var (i, curves) in runs.Index())
        {
            var epochs = curves.Metrics.Epochs;
            if (runs.Count == 1)
            {
                series.Add(new("training", 0, Percent(epochs, epoch => epoch.TrainAccuracy), SeriesStyle.Dotted));
                series.Add(new("validation", 2, Percent(epochs, epoch => epoch.ValidationAccuracy), SeriesStyle.Dotted));
            }

            series.Add(new(
                Name(runs, i, "test"), runs.Count == 1 ? 1 : i, Percent(epochs, epoch => epoch.TestAccuracy), SeriesStyle.Dotted));
        }

        series.RemoveAll(line => line.Name == "validation" && line.Points.Count == 0);
        var least = series.SelectMany(line => line.Points).Select(point => point.Y).DefaultIfEmpty(99).Min();
        var most = runs.Max(LastEpoch);
        return new Chart(
            "Accuracy",
            new ChartAxis("epoch", most > 1 ? 1 : 0, Math.Max(1, most)),
            new ChartAxis("of the images", Math.Max(0, Math.Min(least - ((100 - least) / 8), 99.5)), 100, Suffix: " %"),
            series);
    }

    /// <summary>Throughput over the time of training.</summary>
    /// <param name="runs">One run, or several to compare.</param>
    public static Chart Throughput(params IReadOnlyList<Curves> runs)
    {
        var series = runs.Select((curves, i) => new ChartSeries(
            Name(runs, i, "images/s"), runs.Count == 1 ? 3 : i,
            PlotLines.Thin([.. curves.Metrics.Throughput.Select(point => (point.Seconds, point.ImagesPerSecond))], PointsMax),
            SeriesStyle.Line)).ToArray();
        var points = series.SelectMany(line => line.Points).DefaultIfEmpty((1, 1)).ToArray();
        return new Chart(
            "Throughput",
            new ChartAxis("seconds of training", 0, Math.Max(1, points.Max(point => point.Item1))),
            new ChartAxis("images/s", 0, Math.Max(1, points.Max(point => point.Item2) * 1.1)),
            series);
    }

    private static string Name(IReadOnlyList<Curves> runs, int i, string what) => runs.Count == 1 ? what : runs[i].Run.RunId;

    private static double LastStep(Curves curves) =>
        IsOver(curves.Run) ? curves.Run.Progress.Step : curves.Run.Progress.TotalSteps;

    private static int LastEpoch(Curves curves) =>
        IsOver(curves.Run) ? curves.Metrics.Epochs.Count : curves.Run.Progress.Epochs;

    private static bool IsOver(RunView run) => run.Status is RunPhase.Completed or RunPhase.Cancelled;

    /// <summary>What a logarithmic axis can show, of as few points as can be told apart.</summary>
    private static IReadOnlyList<(double X, double Y)> Clean(IEnumerable<(double X, double? Y)> points) =>
        PlotLines.Thin([.. points.Where(point => point.Y > LeastLoss).Select(point => (point.X, point.Y!.Value))], PointsMax);

    private static IReadOnlyList<(double X, double Y)> Percent(IReadOnlyList<EpochMetrics> epochs, Func<EpochMetrics, double?> accuracy) =>
        PlotLines.Thin(
            [.. epochs.Where(epoch => accuracy(epoch) is not null).Select(epoch => ((double)epoch.Epoch, 100 * accuracy(epoch)!.Value))],
            PointsMax);
}
