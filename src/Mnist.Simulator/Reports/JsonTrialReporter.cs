using Mnist.Coordinator.Output;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>Shows a trial as JSON lines.</summary>
internal sealed class JsonTrialReporter : ITrialReporter
{
    private static readonly SimulatorJsonContext Json = SimulatorJsonContext.Default;

    /// <inheritdoc/>
    public void Started(FaultPlan plan)
    {
    }

    /// <inheritdoc/>
    public void Happened(TimeSpan at, string text) => JsonLines.Write(new TimelineEvent(at.TotalSeconds, text.Trim()), Json.TimelineEvent);

    /// <inheritdoc/>
    public void Completed(TrialResult result, string plan) => JsonLines.Write(TrialEvent.From(result), Json.TrialEvent);
}
