using Mnist.Coordinator.Output;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Files;
using Mnist.Learning.Models;

namespace Mnist.Coordinator.Training;

/// <summary>Writes the files of a finished run and sums it up.</summary>
internal static class RunResults
{
    private const int MistakesKept = 8;

    /// <summary>Writes the files, the result last: a run that has one is finished.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">What it came to.</param>
    /// <returns>What to show.</returns>
    /// <exception cref="Learning.InvalidInputException">The folder cannot be written.</exception>
    public static RunSummary Write(PreparedRun run, TrainingOutcome outcome)
    {
        var layout = Networks.Create(run.Spec.Network).Layout;
        var evaluation = EvaluationSummary.FromProbabilities(outcome.TestProbabilities, run.Dataset.Test.Labels.Span);
        var completed = Completed(run, outcome, evaluation);
        ModelFile.Write(run.Folder.ModelPath, run.Spec, layout, outcome.State);
        AtomicFile.WriteAllBytes(
            run.Folder.ResultPath,
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(completed, EventJsonContext.Default.CompletedEvent));
        return new RunSummary(completed, [.. Rows(completed, outcome, evaluation)], Mistakes(run.Dataset.Test, evaluation));
    }

    private static CompletedEvent Completed(PreparedRun run, TrainingOutcome outcome, EvaluationSummary evaluation) => new(
        run.Manifest.RunId,
        run.Spec.Recipe,
        run.Spec.Seed,
        run.Manifest.SpecSha256,
        WeightsHash.Compute(outcome.State),
        outcome.Progress.Epochs.Length,
        outcome.Progress.Step,
        evaluation.Accuracy,
        evaluation.Loss,
        outcome.Progress.Epochs[^1].ValidationAccuracy,
        outcome.Progress.TrainSeconds,
        outcome.ImagesPerSecond,
        run.Manifest.Workers,
        outcome.Progress.Ledger,
        outcome.Progress.Faults,
        run.Folder.Path);

    private static IEnumerable<(string Name, string Value)> Rows(
        CompletedEvent completed, TrainingOutcome outcome, EvaluationSummary evaluation)
    {
        var ledger = completed.Ledger;
        yield return ("epochs", $"{completed.Epochs}");
        yield return ("test accuracy", TrainingText.Percent(completed.TestAccuracy));
        if (completed.ValidationAccuracy is { } validation)
        {
            yield return ("validation accuracy", TrainingText.Percent(validation));
        }

        yield return ("worst classes", ConfusionText.WorstClasses(evaluation.Confusion));
        yield return ("training time", $"{completed.TrainSeconds:F2} s, {completed.ImagesPerSecond:N0} images/s");
        yield return ("ledger", $"{ledger.Samples:N0} samples applied, {ledger.Missing:N0} missing, {ledger.Duplicates:N0} duplicated");
        yield return ("survived", Survived(outcome.Progress.Faults));
        yield return ("weights SHA-256", completed.WeightsSha256);
        yield return ("files", completed.Out);
    }

    private static string Survived(FaultCounters faults)
    {
        (long Count, string Noun)[] counts =
        [
            (faults.Recoveries, "recovery"),
            (faults.SpeculatedSlices, "speculated slice"),
            (faults.RedundantContributions, "redundant contribution"),
            (faults.StaleContributions, "stale contribution"),
            (faults.RefusedFrames, "refused frame"),
            (faults.LeaseMoves, "lease move"),
            (faults.FailedCheckpoints, "failed checkpoint"),
        ];
        var survived = counts.Where(entry => entry.Count > 0).Select(entry => TrainingText.Count(entry.Count, entry.Noun));
        return string.Join(", ", survived.DefaultIfEmpty("no faults"));
    }

    private static CaptionedDigit[] Mistakes(ImageSet test, EvaluationSummary evaluation) =>
    [
        .. evaluation.MostConfidentWrong(MistakesKept).Select(mistake => new CaptionedDigit(
            test.Slice(mistake.Index, 1).Pixels,
            $"{mistake.Label}, taken for {mistake.Predicted} ({100 * mistake.Probability:F0} %)")),
    ];
}
