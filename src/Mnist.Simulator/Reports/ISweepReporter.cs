using Mnist.Coordinator.Output;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>How far a sweep has come.</summary>
/// <param name="Seeds">Seeds that were tried.</param>
/// <param name="Total">Seeds to try; null when that is not known.</param>
/// <param name="Failures">Failures among them.</param>
/// <param name="Elapsed">Time since the beginning.</param>
/// <param name="TimeLimit">Time that it may take; null for any.</param>
internal sealed record SweepProgress(long Seeds, double? Total, int Failures, TimeSpan Elapsed, TimeSpan? TimeLimit)
{
    /// <summary>Seeds a second, on average.</summary>
    public double SeedsPerSecond => Elapsed > TimeSpan.Zero ? Seeds / Elapsed.TotalSeconds : 0;

    /// <summary>The part that is done, by seeds or by time, whichever is further; 0 to 1, null when there is no end.</summary>
    public double? Part => Math.Max(Seeds / Total ?? -1, Elapsed / TimeLimit ?? -1) is var part and >= 0 ? Math.Min(part, 1) : null;

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var left = Part is > 0 and var part && Seeds > 0 ? $", {SimulatorText.Duration(Elapsed / part * (1 - part))} left" : "";
        var of = Total is { } total ? $"/{total:N0}" : "";
        return $"{Seeds:N0}{of} seeds, {SeedsPerSecond:F1} seeds/s, {Failures:N0} failed{left}";
    }
}

/// <summary>Shows a sweep.</summary>
internal interface ISweepReporter
{
    /// <summary>A reporter for a reader.</summary>
    /// <param name="mode">Who reads.</param>
    static ISweepReporter Create(OutputMode mode) => mode switch
    {
        OutputMode.Json => new JsonSweepReporter(),
        OutputMode.Plain => new PlainSweepReporter(),
        _ => new LiveSweepReporter(),
    };

    /// <summary>Something to know.</summary>
    void Note(string text);

    /// <summary>Shows progress while the sweep runs.</summary>
    void Show(Action sweep);

    /// <summary>How far it has come; called often.</summary>
    void Progressed(SweepProgress progress);

    /// <summary>An invariant did not hold.</summary>
    void Failed(TrialResult result);

    /// <summary>It is over.</summary>
    void Completed(SweepSummary summary, int jobs);
}
