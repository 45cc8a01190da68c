using System.Diagnostics;
using Mnist.Learning.Training;

namespace Mnist.Benchmarks;

/// <summary>Throughput of whole training steps on the thread that it is called on.</summary>
internal static class StepRate
{
    /// <summary>Trains one step after the other.</summary>
    /// <param name="trainer">What trains; not at its end.</param>
    /// <param name="duration">How long at least, unless the run ends before; one step at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Images a second.</returns>
    public static double Measure(ReferenceTrainer trainer, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        var begun = Stopwatch.GetTimestamp();
        var images = 0L;
        do
        {
            images += trainer.Plan.SamplesInStep(trainer.Store.Step);
            trainer.TrainStep(cancellationToken);
        }
        while (!trainer.Store.IsFinished && Stopwatch.GetElapsedTime(begun) < duration);

        return images / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
