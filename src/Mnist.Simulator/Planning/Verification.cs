using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>What was predicted against what was measured.</summary>
/// <param name="Workers">Workers, all in one process.</param>
/// <param name="Predicted">Images a second of whole runs.</param>
/// <param name="Measured">The same as the program that trains reports it: the median of its runs.</param>
/// <param name="Slowest">The same of the slowest run.</param>
/// <param name="Fastest">The same of the fastest run.</param>
internal sealed record Comparison(int Workers, double Predicted, double Measured, double Slowest, double Fastest)
{
    /// <summary>By how much the prediction is too high (above 0) or too low, as a part of what was measured.</summary>
    public double Difference => (Predicted / Measured) - 1;
}

/// <summary>Whole runs of the program that users train with, compared with what a plan says of them.</summary>
/// <param name="WarmUpSeconds">How much longer a run lasts because its first epoch is slower; 0 where runs have one epoch only.</param>
/// <param name="Comparisons">For each number of workers.</param>
internal sealed record Verification(double WarmUpSeconds, IReadOnlyList<Comparison> Comparisons)
{
    /// <summary>As few workers as most machines have room for.</summary>
    public static IReadOnlyList<int> Workers { get; } = [1, 2];

    /// <summary>
    /// Compares. Into the prediction goes the calibration, and how much slower the first epoch of runs with one worker is; nothing of runs
    /// with more workers does.
    /// </summary>
    /// <param name="spec">What is trained.</param>
    /// <param name="calibration">What was measured of the parts of a step.</param>
    /// <param name="runs">Runs with each of <see cref="Workers"/>, by turns with the calibration: both see the same machine.</param>
    public static Verification Of(RunSpec spec, Calibration calibration, IReadOnlyCollection<ProgramRun> runs)
    {
        var input = new PlanInput
        {
            Spec = spec,
            Calibration = calibration,
            Network = NetworkModel.None,
            WorkersPerSilo = Workers.Max(),
        };
        var runsOf = runs.ToLookup(run => run.Workers);
        var warmUps = runsOf[1].Select(run => run.WarmUpSeconds).OfType<double>().ToArray();
        var warmUp = warmUps.Length == 0 ? 0 : Math.Max(0, Medians.Of(warmUps));
        return new Verification(warmUp, [.. Workers.Select(workers => Compare(input, warmUp, [.. runsOf[workers]]))]);
    }

    private static Comparison Compare(PlanInput input, double warmUp, IReadOnlyList<ProgramRun> runs)
    {
        var (workers, images) = (runs[0].Workers, runs[0].Images);
        return new Comparison(
            workers,
            images / ((images / Planner.Run(input, workers).ImagesPerSecond) + warmUp),
            Medians.Of(runs.Select(run => run.ImagesPerSecond)),
            runs.Min(run => run.ImagesPerSecond),
            runs.Max(run => run.ImagesPerSecond));
    }
}
