using Mnist.Coordinator.Output;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;
using Spectre.Console;

namespace Mnist.Simulator.Reports;

/// <summary>Shows a sweep as plain lines.</summary>
internal sealed class PlainSweepReporter : ISweepReporter
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private TimeSpan _shown;

    /// <inheritdoc/>
    public void Note(string text) => Console.Out.WriteLine(text);

    /// <inheritdoc/>
    public void Show(Action sweep) => sweep();

    /// <inheritdoc/>
    public void Progressed(SweepProgress progress)
    {
        if (progress.Elapsed - _shown >= Interval)
        {
            _shown = progress.Elapsed;
            Console.Out.WriteLine(progress);
        }
    }

    /// <inheritdoc/>
    public void Failed(TrialResult result)
    {
        foreach (var line in FailureText.Lines(result, $"{result.Plan.Seed}"))
        {
            Console.Out.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void Completed(SweepSummary summary, int jobs) => SummaryTables.Write(Terminal.Console, summary, jobs, TableBorder.None);
}
