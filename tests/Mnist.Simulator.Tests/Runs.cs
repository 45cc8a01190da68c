using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Tests;

/// <summary>Runs trials.</summary>
internal static class Runs
{
    /// <summary>Runs a plan.</summary>
    public static TrialResult Of(FaultPlan plan)
    {
        using var trial = new Trial(plan);
        return trial.Run();
    }

    /// <summary>Runs the plan of a seed.</summary>
    public static TrialResult Of(ulong seed) => Of(FaultPlanGenerator.Create(seed));
}
