using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>What was predicted against what was measured.</summary>
/// <param name="Workers">Workers, all in this process.</param>
/// <param name="Predicted">Images a second.</param>
/// <param name="Measured">Images a second of whole warm runs: the median of the repeats.</param>
/// <param name="Slowest">The same of the slowest repeat.</param>
/// <param name="Fastest">The same of the fastest repeat.</param>
internal sealed record Comparison(int Workers, double Predicted, double Measured, double Slowest, double Fastest)
{
    /// <summary>By how much the prediction is too high (above 0) or too low, as a part of what was measured.</summary>
    public double Difference => (Predicted / Measured) - 1;
}

/// <summary>
/// Trains for real with as few workers as most machines have room for, and compares. Measure by turns with the calibration, so that
/// both see the same machine; nothing that is measured here goes into the prediction.
/// </summary>
/// <param name="calibrator">What trains.</param>
internal sealed class Verification(Calibrator calibrator)
{
    private static readonly int[] Workers = [1, 2];
    private readonly List<MeasuredRun>[] _runs = [.. Workers.Select(_ => new List<MeasuredRun>())];

    /// <summary>Trains with each number of workers.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        foreach (var (runs, workers) in _runs.Zip(Workers))
        {
            runs.Add(await calibrator.TrainAsync(workers, cancellationToken));
        }
    }

    /// <summary>Compares all that was measured.</summary>
    /// <param name="spec">What is trained.</param>
    /// <param name="calibration">What the prediction is made of.</param>
    public IReadOnlyList<Comparison> Compare(RunSpec spec, Calibration calibration)
    {
        var input = new PlanInput
        {
            Spec = spec,
            Calibration = calibration,
            Network = NetworkModel.None,
            WorkersPerSilo = Workers.Max(),
        };
        return [.. Workers.Zip(_runs, (workers, runs) => new Comparison(
            workers,
            Planner.Run(input, workers).ImagesPerSecond,
            Medians.Of(runs.Select(run => run.ImagesPerSecond)),
            runs.Min(run => run.ImagesPerSecond),
            runs.Max(run => run.ImagesPerSecond)))];
    }
}
