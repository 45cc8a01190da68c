using System.Globalization;

namespace Mnist.Benchmarks.Comparison;

/// <summary>A comparison in words: tables in Markdown, which people and documents read alike.</summary>
internal static class ComparisonText
{
    /// <summary>A line for a measurement that was made.</summary>
    public static string Line(Measurement measurement) => string.Create(
        CultureInfo.InvariantCulture,
        $"run {measurement.Run}  {measurement.Work.Network,-8} batch {measurement.Work.Batch,3}  "
        + $"{measurement.Contestant.Name(),-24}  {measurement.ImagesPerSecond,9:N0} images/s");

    /// <summary>A line for a recipe that was trained.</summary>
    public static string Line(TrainedRecipe recipe) => string.Create(
        CultureInfo.InvariantCulture,
        $"run {recipe.Run}  {ComparisonOptions.RaceRecipe,-8} whole recipe  "
        + $"{recipe.Contestant.Name(),-24}  {recipe.TrainSeconds:F2} s to {100 * recipe.Accuracy:F2} %");

    /// <summary>The table of throughput: a row for each network.</summary>
    public static IReadOnlyList<string> Throughput(IReadOnlyList<NetworkSummary> summaries)
    {
        var contestants = Enum.GetValues<Contestant>();
        var heads = contestants.Select(contestant => contestant.Name());
        var rows = summaries.Select(summary => Row(
        [
            $"`{summary.Network}`",
            .. contestants.Select(contestant => Rate(summary[contestant])),
            Times(summary.AgainstDdp),
            Times(summary.AgainstOneProcess),
            Times(summary.Scaling),
            Times(summary.PossibleScaling),
            Part(summary.OfPossible),
        ]));
        string[] head =
        [
            "images/s (batch)",
            .. heads,
            "2 workers / DDP",
            "2 workers / best one process",
            "2 workers / 1 worker",
            "2 loops / 1 loop",
            "2 workers / 2 loops",
        ];
        return [Row(head), Row([.. head.Select(_ => "---")]), .. rows];
    }

    /// <summary>The table of whole runs.</summary>
    public static IReadOnlyList<string> Race(RaceSummary summary)
    {
        string[] head = [$"`{ComparisonOptions.RaceRecipe}`, whole recipe", "training", "lowest test accuracy", "theirs / ours"];
        return
        [
            Row(head),
            Row([.. head.Select(_ => "---")]),
            Row([Contestant.TwoWorkers.Name(), Seconds(summary.Seconds), Percent(summary.LowestAccuracy), Times(summary.Ratio)]),
            Row([Contestant.TorchTwoProcesses.Name(), Seconds(summary.PeerSeconds), Percent(summary.LowestPeerAccuracy), ""]),
        ];
    }

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";

    private static string Rate(BestRate rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate.Median:N0} ({rate.Batch})");

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:F2}×");

    private static string Part(double part) => string.Create(CultureInfo.InvariantCulture, $"{100 * part:F0} %");

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:F2} s");

    private static string Percent(double part) => string.Create(
        CultureInfo.InvariantCulture, $"{100 * part:F2} %{(part < ComparisonOptions.RaceAccuracy ? ", below 99 %" : "")}");
}
