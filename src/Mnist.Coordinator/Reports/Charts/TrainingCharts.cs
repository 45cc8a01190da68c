namespace Mnist.Coordinator.Reports.Charts;

/// <summary>The charts of a run: loss and accuracy over its epochs.</summary>
internal static class TrainingCharts
{
    /// <summary>More points than this are not told apart on a picture.</summary>
    private const int PointsMax = 600;

    private const int SmoothedPerRun = 40;
    private const double LeastLoss = 1e-5;

    /// <summary>Loss of steps and epochs, on a logarithmic axis.</summary>
    /// <param name="report">The run.</param>
    public static Chart Loss(RunReport report)
    {
        var steps = StepLosses(report);
        var smoothed = Smooth(steps, Math.Max(1, steps.Length / SmoothedPerRun));
        var test = report.Epochs.Select(epoch => ((double)epoch.Epoch, epoch.TestLoss)).Where(point => IsShown(point.TestLoss)).ToArray();
        var shown = Thin(smoothed).Concat(test).Select(point => point.Item2).DefaultIfEmpty(1).ToArray();
        var raw = steps.Select(point => point.Y).Order().ToArray();

        // A few steps far out must not flatten the rest: the faint line is cut off at its extreme hundredths.
        var low = Math.Min(shown.Min(), raw.Length == 0 ? double.MaxValue : raw[raw.Length / 100]);
        var high = Math.Max(shown.Max(), raw.Length == 0 ? 0 : raw[^(1 + (raw.Length / 100))]);
        return new Chart(
            "Loss",
            EpochAxis(report),
            new ChartAxis("cross-entropy, nats", low / 1.25, high * 1.25, IsLogarithmic: true),
            [
                new ChartSeries("training, each step", 0, Thin(steps), SeriesStyle.Faint),
                new ChartSeries("training, smoothed", 0, Thin(smoothed), SeriesStyle.Line),
                new ChartSeries("test", 1, test, SeriesStyle.Dotted),
            ]);
    }

    /// <summary>Accuracy of epochs.</summary>
    /// <param name="report">The run.</param>
    public static Chart Accuracy(RunReport report)
    {
        var training = report.Epochs.Select(epoch => ((double)epoch.Epoch, 100 * epoch.TrainAccuracy)).ToArray();
        var test = report.Epochs.Select(epoch => ((double)epoch.Epoch, 100 * epoch.TestAccuracy)).ToArray();
        var validation = report.Epochs.Where(epoch => epoch.ValidationAccuracy is not null)
            .Select(epoch => ((double)epoch.Epoch, 100 * epoch.ValidationAccuracy!.Value)).ToArray();
        var series = new List<ChartSeries> { new("training", 0, training, SeriesStyle.Dotted) };
        if (validation.Length > 0)
        {
            series.Add(new ChartSeries("validation", 2, validation, SeriesStyle.Dotted));
        }

        series.Add(new ChartSeries("test", 1, test, SeriesStyle.Dotted));
        var least = series.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        var low = Math.Min(least - ((100 - least) / 8), 99.5);
        return new Chart(
            "Accuracy",
            EpochAxis(report, start: report.Epochs.Count > 1 ? 1 : 0),
            new ChartAxis("accuracy", low, 100, Suffix: " %"),
            series);
    }

    private static ChartAxis EpochAxis(RunReport report, int start = 0) => new("epoch", start, Math.Max(report.Epochs.Count, 1));

    private static bool IsShown(double loss) => double.IsFinite(loss) && loss > LeastLoss;

    /// <summary>Losses of all steps, placed within their epochs.</summary>
    private static (double X, double Y)[] StepLosses(RunReport report) =>
    [
        .. report.Epochs
            .SelectMany(epoch => epoch.StepLosses.Select(
                (loss, i) => (X: epoch.Epoch - 1 + ((i + 1.0) / epoch.StepLosses.Length), Y: (double)loss)))
            .Where(point => IsShown(point.Y)),
    ];

    /// <summary>The mean of the points around each point.</summary>
    private static (double X, double Y)[] Smooth((double X, double Y)[] points, int width)
    {
        var sums = new double[points.Length + 1];
        for (var i = 0; i < points.Length; i++)
        {
            sums[i + 1] = sums[i] + points[i].Y;
        }

        return
        [
            .. points.Select((point, i) =>
            {
                var (from, to) = (Math.Max(i - (width / 2), 0), Math.Min(i + (width / 2) + 1, points.Length));
                return (point.X, (sums[to] - sums[from]) / (to - from));
            }),
        ];
    }

    private static (double X, double Y)[] Thin((double X, double Y)[] points)
    {
        var step = (points.Length / PointsMax) + 1;
        return [.. points.Where((_, i) => i % step == 0 || i == points.Length - 1)];
    }
}
