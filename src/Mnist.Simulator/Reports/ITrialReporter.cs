using Mnist.Coordinator.Output;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;
using Orleans.Simulation;

namespace Mnist.Simulator.Reports;

/// <summary>Shows one trial.</summary>
internal interface ITrialReporter
{
    /// <summary>A reporter for a reader.</summary>
    /// <param name="mode">Who reads.</param>
    static ITrialReporter Create(OutputMode mode) => mode == OutputMode.Json ? new JsonTrialReporter() : new TextTrialReporter();

    /// <summary>It begins.</summary>
    void Started(FaultPlan plan);

    /// <summary>Something happened.</summary>
    /// <param name="at">Virtual time.</param>
    /// <param name="text">What, in words.</param>
    void Happened(TimeSpan at, string text);

    /// <summary>An event of which <see cref="Happened"/> may not tell.</summary>
    void Traced(SimulationEvent occurrence)
    {
        if (Timeline.Describe(occurrence) is null)
        {
            Happened(occurrence.Time, $"    {Timeline.DescribeAny(occurrence)}");
        }
    }

    /// <summary>It is over.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="plan">What the plan is called on the command line.</param>
    void Completed(TrialResult result, string plan);
}
