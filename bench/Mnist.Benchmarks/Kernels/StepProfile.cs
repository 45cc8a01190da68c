using System.Diagnostics;
using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Benchmarks.Kernels;

/// <summary>What whole training steps on one thread reach.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="ImagesPerSecond">Median.</param>
/// <param name="Peak">Median of the FMA peak, GFLOP/s.</param>
/// <param name="DenseShare">Median share of the peak, of the multiplications of a dense step.</param>
/// <param name="ExecutedShare">The same, of the multiplications executed.</param>
internal sealed record StepMeasurement(string Network, double ImagesPerSecond, double Peak, double DenseShare, double ExecutedShare)
{
    /// <summary>How long steps are measured before the peak is measured again.</summary>
    private static readonly TimeSpan BetweenPeaks = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures whole steps: loading, packing, all slices, their reduction and the optimizer; the peak beside each few.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="dataset">Its data set.</param>
    /// <param name="count">Multiplications of an image.</param>
    /// <param name="seconds">How long.</param>
    public static StepMeasurement Measure(RunSpec spec, Dataset dataset, MultiplyAdds count, double seconds)
    {
        using var engine = new SimdGradientEngine(Networks.Create(spec.Network), spec.GlobalBatch / spec.Slices);
        var trainer = new ReferenceTrainer(spec, dataset, engine);
        trainer.TrainStep();
        var (rates, peaks) = (new List<double>(), new List<double>());
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
        {
            if (trainer.Store.IsFinished)
            {
                trainer = new ReferenceTrainer(spec, dataset, engine);
            }

            peaks.Add(FmaPeak.Measure());
            rates.Add(StepRate.Measure(trainer, BetweenPeaks));
        }

        double Share(double multiplyAdds) => 2e-9 * multiplyAdds * Statistics.MedianRatio(rates, peaks);
        return new StepMeasurement(
            spec.Network, Statistics.Median(rates), Statistics.Median(peaks), Share(count.Dense), Share(count.Executed));
    }
}
