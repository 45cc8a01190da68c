using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;

namespace Mnist.Simulator.Trials;

/// <summary>What a trial came to.</summary>
internal sealed record TrialResult
{
    /// <summary>What was tried.</summary>
    public required FaultPlan Plan { get; init; }

    /// <summary>The first invariant that did not hold, or null.</summary>
    public required Violation? Violation { get; init; }

    /// <summary>Hash of all events, with their times.</summary>
    public required ulong EventHash { get; init; }

    /// <summary>Number of events.</summary>
    public required long Events { get; init; }

    /// <summary>Virtual time that the trial took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Virtual time from the end of the last fault to the end of the run.</summary>
    public required TimeSpan Recovery { get; init; }

    /// <summary>What happened.</summary>
    public required Coverage Coverage { get; init; }
}
