using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Planted;

/// <summary>Runs trials of grains with a bug.</summary>
internal static class PlantedTrials
{
    private const int MostTurns = 100_000;

    /// <summary>What was found in a plan.</summary>
    public static Violation? Run(Bug bug, FaultPlan plan)
    {
        // What the run has to arrive at is computed without the bug, and kept.
        _ = TrialModels.Reference(plan.Run, TrialModels.CreateSpec(plan.Run));
        return Planted.With(bug, () =>
        {
            using var trial = new Trial(plan);
            var turns = 0;
            trial.Cluster.TurnEnded += turn =>
            {
                if (++turns > MostTurns)
                {
                    throw new EndlessTrialException();
                }
            };
            try
            {
                return trial.Run().Violation;
            }
            catch (EndlessTrialException)
            {
                return new Violation("an end", $"the trial takes more than {MostTurns} turns", trial.Cluster.Now);
            }
        });
    }

    /// <summary>Grains with a bug can keep each other busy for ever.</summary>
    private sealed class EndlessTrialException : Exception;
}
