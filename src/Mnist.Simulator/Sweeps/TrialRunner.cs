using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;
using Orleans.Simulation;

namespace Mnist.Simulator.Sweeps;

/// <summary>Runs trials such that whatever happens is a result.</summary>
internal static class TrialRunner
{
    /// <summary>Tries the plan of a seed.</summary>
    public static TrialResult Run(ulong seed) => Run(FaultPlanGenerator.Create(seed));

    /// <summary>Tries a plan.</summary>
    /// <param name="plan">A valid plan.</param>
    /// <param name="tell">Told what happens, in words; null for nobody.</param>
    /// <param name="observe">Shown every event; null for nobody.</param>
    public static TrialResult Run(FaultPlan plan, Action<TimeSpan, string>? tell = null, Action<SimulationEvent>? observe = null)
    {
        try
        {
            using var trial = new Trial(plan, tell);
            if (observe is not null)
            {
                trial.Cluster.Observed += observe;
            }

            return trial.Run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // An error of the simulator itself: of no other seed's trial, and this one has to be found again.
            return new TrialResult
            {
                Plan = plan,
                Violation = new Violation(Invariants.Determinism, exception.ToString(), TimeSpan.Zero),
                EventHash = 0,
                Events = 0,
                Duration = TimeSpan.Zero,
                Recovery = TimeSpan.Zero,
                Coverage = new Coverage(),
            };
        }
    }
}
