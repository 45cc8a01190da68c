using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Service;

/// <summary>Result of an epoch.</summary>
public sealed record EpochMetrics
{
    private const int PointsPerEpoch = 128;

    /// <summary>Epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps applied when it was over.</summary>
    public required long Step { get; init; }

    /// <summary>Mean training loss, nats; null where the run diverged.</summary>
    public required double? TrainLoss { get; init; }

    /// <summary>Training accuracy as trained, 0 to 1.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Accuracy on the validation samples, 0 to 1; null where there are none.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Mean loss on the test split, nats; null where the run diverged.</summary>
    public required double? TestLoss { get; init; }

    /// <summary>Accuracy on the test split, 0 to 1.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>Learning rate of the last step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Seconds of training, evaluation apart.</summary>
    public required double Seconds { get; init; }

    /// <summary>Loss over the epoch's steps; may be empty.</summary>
    public IReadOnlyList<StepPoint> Steps { get; init; } = [];

    /// <summary>Takes over the results of an epoch, the losses of its steps as means over a few each.</summary>
    internal static EpochMetrics Of(EpochResult epoch)
    {
        var last = (long)epoch.Epoch * epoch.StepLosses.Length;
        return new EpochMetrics
        {
            Epoch = epoch.Epoch,
            Step = last,
            TrainLoss = FiniteNumber.OrNull(epoch.TrainLoss),
            TrainAccuracy = epoch.TrainAccuracy,
            ValidationAccuracy = epoch.ValidationAccuracy,
            TestLoss = FiniteNumber.OrNull(epoch.TestLoss),
            TestAccuracy = epoch.TestAccuracy,
            LearningRate = epoch.LearningRate,
            Seconds = epoch.Seconds,
            Steps = [.. Points(epoch.StepLosses, last - epoch.StepLosses.Length)],
        };
    }

    /// <summary>Takes over the results of an epoch from the result of a run.</summary>
    internal static EpochMetrics Of(EpochJson epoch, int stepsPerEpoch) => new()
    {
        Epoch = epoch.Epoch,
        Step = (long)epoch.Epoch * stepsPerEpoch,
        TrainLoss = epoch.TrainLoss,
        TrainAccuracy = epoch.TrainAccuracy,
        ValidationAccuracy = epoch.ValidationAccuracy,
        TestLoss = epoch.TestLoss,
        TestAccuracy = epoch.TestAccuracy,
        LearningRate = epoch.LearningRate,
        Seconds = epoch.Seconds,
    };

    private static IEnumerable<StepPoint> Points(float[] losses, long before)
    {
        var size = (losses.Length + PointsPerEpoch - 1) / PointsPerEpoch;
        for (var start = 0; start < losses.Length; start += size)
        {
            var part = losses.AsMemory(start, Math.Min(size, losses.Length - start)).ToArray();
            yield return new StepPoint(before + start + part.Length, FiniteNumber.OrNull(part.Average(loss => (double)loss)));
        }
    }
}
