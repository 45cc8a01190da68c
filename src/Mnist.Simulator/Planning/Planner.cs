using Mnist.Learning.Specification;

namespace Mnist.Simulator.Planning;

/// <summary>Runs clusters of several sizes.</summary>
internal static class Planner
{
    /// <summary>Predicts what clusters do, for every consistency mode and compression that there is.</summary>
    /// <param name="input">The cluster.</param>
    /// <param name="workers">Numbers of workers, ascending.</param>
    /// <param name="cancellationToken">Checked between clusters.</param>
    /// <returns>A point for each, as soon as it is known.</returns>
    public static IEnumerable<PlanPoint> Run(PlanInput input, IReadOnlyList<int> workers, CancellationToken cancellationToken)
    {
        foreach (var consistency in RunSpecValidator.SupportedConsistency)
        {
            foreach (var compression in RunSpecValidator.SupportedCompression)
            {
                var variant = input with { Spec = input.Spec with { Consistency = consistency, Compression = compression } };
                var one = Run(variant, 1);
                foreach (var count in workers)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var point = count == 1 ? one : Run(variant, count);
                    yield return point with { Efficiency = point.ImagesPerSecond / (count * one.ImagesPerSecond) };
                }
            }
        }
    }

    /// <summary>Predicts what a cluster does, its efficiency apart.</summary>
    public static PlanPoint Run(PlanInput input, int workers)
    {
        using var run = new PlannedRun(input, workers);
        return run.Run();
    }
}
