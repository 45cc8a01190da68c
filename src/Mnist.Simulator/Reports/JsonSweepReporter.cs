using Mnist.Coordinator.Output;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>Shows a sweep as JSON lines.</summary>
internal sealed class JsonSweepReporter : ISweepReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly SimulatorJsonContext Json = SimulatorJsonContext.Default;
    private TimeSpan _shown;

    /// <inheritdoc/>
    public void Note(string text) => JsonLines.Write(new TextEvent("note", text));

    /// <inheritdoc/>
    public void Show(Action sweep) => sweep();

    /// <inheritdoc/>
    public void Progressed(SweepProgress progress)
    {
        if (progress.Elapsed - _shown >= Interval)
        {
            _shown = progress.Elapsed;
            JsonLines.Write(
                new SweepProgressEvent(progress.Seeds, progress.Failures, progress.Elapsed.TotalSeconds), Json.SweepProgressEvent);
        }
    }

    /// <inheritdoc/>
    public void Failed(TrialResult result) => JsonLines.Write(FailureEvent.From(result, $"{result.Plan.Seed}"), Json.FailureEvent);

    /// <inheritdoc/>
    public void Completed(SweepSummary summary, int jobs) => JsonLines.Write(SweepEvent.From(summary), Json.SweepEvent);
}
