using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Benchmarks.Comparison;

/// <summary>
/// The same kernels without grains: a loop on each thread, which trains weights of its own and waits for nobody. What the loops reach
/// together is the most that workers could, on this machine at this moment.
/// </summary>
internal static class PlainLoops
{
    /// <summary>Measures throughput, after a step that is not counted.</summary>
    /// <param name="dataset">What is trained on.</param>
    /// <param name="spec">
    /// What is trained, for longer than the seconds; each thread has an equal part of its batch and of its slices.
    /// </param>
    /// <param name="threads">Number of threads; divides the number of slices.</param>
    /// <param name="seconds">At least how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Images a second, of all threads.</returns>
    public static async Task<double> MeasureAsync(
        Dataset dataset, RunSpec spec, int threads, double seconds, CancellationToken cancellationToken)
    {
        var part = spec with { GlobalBatch = spec.GlobalBatch / threads, Slices = spec.Slices / threads };
        using var start = new Barrier(threads);
        var loops = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => Run(dataset, part, start, seconds, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        return (await Task.WhenAll([.. loops])).Sum();
    }

    private static double Run(Dataset dataset, RunSpec spec, Barrier start, double seconds, CancellationToken cancellationToken)
    {
        using var engine = new SimdGradientEngine(Networks.Create(spec.Network), spec.GlobalBatch / spec.Slices);
        var trainer = new ReferenceTrainer(spec, dataset, engine);
        trainer.TrainStep(cancellationToken);
        start.SignalAndWait(cancellationToken);
        return StepRate.Measure(trainer, TimeSpan.FromSeconds(seconds), cancellationToken);
    }
}
