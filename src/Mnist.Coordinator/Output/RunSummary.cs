using System.Text.Json;
using Mnist.Coordinator.Reports;
using Mnist.Grains.Contracts;
using Mnist.Learning.Engines;

namespace Mnist.Coordinator.Output;

/// <summary>What a finished run came to.</summary>
/// <param name="Report">The run.</param>
/// <param name="Out">Folder of its files.</param>
internal sealed record RunSummary(RunReport Report, string Out)
{
    private const int MistakesShown = 8;

    /// <summary>For programs: the fields of <c>result.json</c>, and where the files are, in one line.</summary>
    public string ToJsonLine()
    {
        var line = JsonSerializer.SerializeToNode(ResultJson.FromReport(Report), ResultJsonContext.Default.ResultJson)!.AsObject();
        line.Insert(0, "event", "completed");
        line.Add("out", Out);
        return line.ToJsonString();
    }

    /// <summary>For people: names and values.</summary>
    public IEnumerable<(string Name, string Value)> Rows()
    {
        var ledger = Report.Ledger;
        yield return ("epochs", $"{Report.Epochs.Count:N0} ({TrainingText.Count(Report.Steps, "step")})");
        yield return ("test accuracy", TrainingText.Percent(Report.Evaluation.Accuracy));
        if (Report.Epochs[^1].ValidationAccuracy is { } validation)
        {
            yield return ("validation accuracy", TrainingText.Percent(validation));
        }

        yield return ("worst classes", ConfusionText.WorstClasses(Report.Evaluation.Confusion));
        yield return ("training time", $"{Report.TrainSeconds:F2} s, {Report.ImagesPerSecond:N0} images/s");
        yield return (
            "not computing",
            $"{Report.Times.ServerSeconds:F2} s of it the server, {Report.Times.WaitSeconds:F2} s a worker waited for the others");
        yield return ("engine", Report.Engine == EngineNames.Simd ? Report.Engine : $"{Report.Engine}: other bits on other machines");
        yield return ("ledger", $"{ledger.Samples:N0} samples applied, {ledger.Missing:N0} missing, {ledger.Duplicates:N0} duplicated");
        yield return ("survived", Survived(Report.Faults));
        yield return ("weights SHA-256", Report.WeightsSha256);
        yield return ("files", Out);
    }

    /// <summary>The mistakes that the model is most sure of.</summary>
    public IReadOnlyList<CaptionedDigit> Mistakes() =>
    [
        .. Report.Evaluation.MostConfidentWrong(MistakesShown).Select(mistake => new CaptionedDigit(
            Report.Dataset.Test.Slice(mistake.Index, 1).Pixels,
            $"{mistake.Label}, taken for {mistake.Predicted} ({100 * mistake.Probability:F0} %)")),
    ];

    private static string Survived(FaultCounters faults)
    {
        (long Count, string One, string Many)[] counters =
        [
            (faults.Recoveries, "recovery", "recoveries"),
            (faults.SpeculatedSlices, "speculated slice", "speculated slices"),
            (faults.RedundantContributions, "redundant contribution", "redundant contributions"),
            (faults.StaleContributions, "stale contribution", "stale contributions"),
            (faults.RefusedFrames, "refused frame", "refused frames"),
            (faults.LeaseMoves, "lease move", "lease moves"),
            (faults.FailedCheckpoints, "failed checkpoint", "failed checkpoints"),
        ];
        var survived = counters
            .Where(counter => counter.Count > 0)
            .Select(counter => $"{counter.Count:N0} {(counter.Count == 1 ? counter.One : counter.Many)}");
        return string.Join(", ", survived.DefaultIfEmpty("no faults"));
    }
}
