using System.Globalization;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Reports.Html;

/// <summary>What there is to say about a run, as names and values.</summary>
internal static class RunFacts
{
    /// <summary>What a reader wants to know first.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<(string Name, string Value)> Figures(RunReport report)
    {
        yield return ("Test accuracy", Theme.Percent(report.Evaluation.Accuracy));
        if (report.Epochs[^1].ValidationAccuracy is { } validation)
        {
            yield return ("Validation accuracy", Theme.Percent(validation));
        }

        yield return ("Test loss", $"{report.Evaluation.Loss:0.0000}");
        yield return ("Training time", $"{report.TrainSeconds:0.0} s");
        yield return ("Images a second", $"{report.ImagesPerSecond:N0}");
        yield return ("Parameters", $"{report.Layout.ParameterCount:N0}");
    }

    /// <summary>What was trained.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<(string Name, string Value)> Specification(RunReport report)
    {
        var spec = report.Spec;
        yield return ("recipe", spec.Recipe);
        yield return ("network", $"{spec.Network}, {report.Layout.ParameterCount:N0} parameters");
        yield return ("seed", $"{spec.Seed}");
        yield return ("global batch", $"{spec.GlobalBatch} in {spec.Slices} slices");
        yield return ("epochs", $"{report.Epochs.Count} of {spec.Epochs}");
        if (spec.TargetAccuracy is { } target)
        {
            yield return ("target accuracy", Theme.Percent(target));
        }

        yield return ("optimizer", Optimizer(spec.Optimizer));
        yield return ("learning rate", Schedule(spec.Schedule));
        yield return ("augmentation", Augmentation(spec.Augmentation));
        yield return ("averaged weights", spec.EmaDecay > 0 ? $"decay {Number(spec.EmaDecay)}" : "none");
        yield return ("consistency", spec.Consistency);
        yield return ("compression", spec.Compression);
        yield return ("data set", $"{report.Dataset.Name}, SHA-256 {spec.DatasetSha256}");
        yield return ("training images", $"{spec.TrainingSamples:N0}");
        yield return ("validation images", $"{spec.ValidationSamples:N0}");
        yield return ("specification SHA-256", RunSpecJson.Sha256(spec));
    }

    /// <summary>What became of the samples.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<(string Name, string Value)> Ledger(RunReport report)
    {
        yield return ("samples applied", $"{report.Ledger.Samples:N0}");
        yield return ("applied twice", $"{report.Ledger.Duplicates:N0}");
        yield return ("missing", $"{report.Ledger.Missing:N0}");
        yield return ("steps", $"{report.Steps:N0}");
    }

    /// <summary>What was survived.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<(string Name, string Value)> Faults(RunReport report)
    {
        yield return ("recoveries from a checkpoint", $"{report.Faults.Recoveries:N0}");
        yield return ("slices given to a second worker", $"{report.Faults.SpeculatedSlices:N0}");
        yield return ("redundant contributions", $"{report.Faults.RedundantContributions:N0}");
        yield return ("stale contributions", $"{report.Faults.StaleContributions:N0}");
        yield return ("refused frames", $"{report.Faults.RefusedFrames:N0}");
        yield return ("lease moves", $"{report.Faults.LeaseMoves:N0}");
        yield return ("checkpoints", $"{report.Faults.Checkpoints:N0} written, {report.Faults.FailedCheckpoints:N0} failed");
    }

    /// <summary>Who made it, and where.</summary>
    /// <param name="report">The run.</param>
    public static IEnumerable<(string Name, string Value)> Origin(RunReport report)
    {
        yield return ("version", report.Version);
        yield return ("edition", report.Edition);
        yield return ("engine", report.Engine);
        yield return ("machine", report.Machine);
        yield return ("workers", $"{report.Workers}");
        yield return ("finished", $"{report.FinishedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private static string Schedule(ScheduleSpec schedule) =>
        $"{Number(schedule.Peak)} at its peak, warm-up {Number(100 * schedule.WarmupFraction)} %, then {schedule.Shape}";

    private static string Optimizer(OptimizerSpec optimizer) => optimizer.Kind == OptimizerKinds.Adam
        ? $"{optimizer.Kind}, β₁ {Number(optimizer.Beta1)}, β₂ {Number(optimizer.Beta2)}, ε {Number(optimizer.Epsilon)}, "
            + $"weight decay {Number(optimizer.WeightDecay)}"
        : $"{optimizer.Kind}, momentum {Number(optimizer.Beta1)}, weight decay {Number(optimizer.WeightDecay)}";

    private static string Augmentation(AugmentationSpec augmentation) => augmentation.IsIdentity
        ? "none"
        : $"rotation ±{Number(augmentation.RotationDegrees)}°, shift ±{Number(augmentation.TranslationPixels)} px, "
            + $"size ±{Number(100 * augmentation.Scale)} %, shear ±{Number(augmentation.ShearDegrees)}°";

    private static string Number(float value) =>
        value.ToString(value is > 0 and < 1e-4f ? "0.###e0" : "0.######", CultureInfo.InvariantCulture);
}
