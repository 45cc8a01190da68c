using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>Results of epochs for curves.</summary>
internal static class EpochSummary
{
    private const int PointsPerEpoch = 128;

    /// <summary>Takes over the results of an epoch, the losses of its steps as means over a few each.</summary>
    public static EpochMetrics Of(EpochResult epoch)
    {
        var last = (long)epoch.Epoch * epoch.StepLosses.Length;
        return new EpochMetrics
        {
            Epoch = epoch.Epoch,
            Step = last,
            TrainLoss = Finite(epoch.TrainLoss),
            TrainAccuracy = epoch.TrainAccuracy,
            ValidationAccuracy = epoch.ValidationAccuracy,
            TestLoss = Finite(epoch.TestLoss),
            TestAccuracy = epoch.TestAccuracy,
            LearningRate = epoch.LearningRate,
            Seconds = epoch.Seconds,
            Steps = [.. Points(epoch.StepLosses, last - epoch.StepLosses.Length)],
        };
    }

    private static IEnumerable<StepPoint> Points(float[] losses, long before)
    {
        var size = (losses.Length + PointsPerEpoch - 1) / PointsPerEpoch;
        for (var start = 0; start < losses.Length; start += size)
        {
            var part = losses.AsMemory(start, Math.Min(size, losses.Length - start)).ToArray();
            yield return new StepPoint(before + start + part.Length, Finite(part.Average(loss => (double)loss)));
        }
    }

    /// <summary>A run that diverges ends with losses that JSON has no numbers for.</summary>
    private static double Finite(double loss) => double.IsFinite(loss) ? loss : double.MaxValue;
}
