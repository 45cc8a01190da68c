using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Output;

/// <summary>A training run in words.</summary>
internal static class TrainingText
{
    /// <summary>One line about the run that begins.</summary>
    public static string Headline(StartedEvent start) =>
        $"{(start.Resumed ? "continuing" : "training")} {start.RunId}: {start.Dataset}, {start.TrainingSamples:N0} samples, "
        + $"{Count(start.Epochs, "epoch")}, {Count(start.Workers, "worker")} ({start.Edition} edition)";

    /// <summary>One line about an epoch.</summary>
    public static string Epoch(EpochResult epoch, int epochs)
    {
        var validation = epoch.ValidationAccuracy is { } accuracy ? $"  validation {Percent(accuracy)}" : "";
        return $"epoch {epoch.Epoch}/{epochs}  loss {Loss(epoch.TrainLoss)}  train {Percent(epoch.TrainAccuracy)}{validation}  "
            + $"test {Percent(epoch.TestAccuracy)}  {epoch.Seconds:F1} s";
    }

    /// <summary>How fast and how well, for beside a progress bar.</summary>
    public static string Detail(RunProgress progress) =>
        $"step {progress.Step:N0}/{progress.TotalSteps:N0}  loss {Loss(progress.Loss)}  {progress.ImagesPerSecond:N0} images/s  "
        + $"{Count(progress.LiveWorkers, "worker")}  {Remaining(progress.Step, progress.TotalSteps, progress.TrainSeconds)}";

    /// <summary>A loss with four decimals; a dash where there is none or the run diverged.</summary>
    public static string Loss(double? loss) => loss is { } value && double.IsFinite(value) ? $"{value:F4}" : "–";

    /// <summary>Part of a whole with two decimals: <c>99.20 %</c>.</summary>
    public static string Percent(double part) => $"{100 * part:F2} %";

    /// <summary>A number and its noun.</summary>
    public static string Count(long number, string noun) => $"{number:N0} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>How long a run will still take if it goes on as it went; empty before that can be said.</summary>
    /// <param name="step">Steps applied.</param>
    /// <param name="totalSteps">Steps of the whole run.</param>
    /// <param name="seconds">Seconds that the steps took.</param>
    public static string Remaining(long step, long totalSteps, double seconds)
    {
        if (step == 0 || seconds <= 0)
        {
            return "";
        }

        return TimeSpan.FromSeconds(seconds / step * (totalSteps - step)) switch
        {
            { TotalMinutes: < 1 } left => $"{left.TotalSeconds:F0} s left",
            { TotalHours: < 1 } left => $"{left:m\\:ss} min left",
            var left => $"{Math.Floor(left.TotalHours):F0}:{left:mm} h left",
        };
    }
}
