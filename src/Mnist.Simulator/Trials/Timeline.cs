using Orleans.Simulation;

namespace Mnist.Simulator.Trials;

/// <summary>Events of a simulated cluster in words.</summary>
internal static class Timeline
{
    /// <summary>An event that a reader of a failure wants to see, or null for the many that only fill pages.</summary>
    public static string? Describe(SimulationEvent occurrence) => occurrence.Kind switch
    {
        SimulationEventKind.SiloStarting => $"{occurrence.Silo} starts",
        SimulationEventKind.SiloActive => $"{occurrence.Silo} is active",
        SimulationEventKind.SiloStopping => $"{occurrence.Silo} begins to stop",
        SimulationEventKind.SiloStopped => $"{occurrence.Silo} has stopped",
        SimulationEventKind.SiloCrashed => $"{occurrence.Silo} crashes",
        SimulationEventKind.SiloPaused => $"{occurrence.Silo} stands still",
        SimulationEventKind.SiloResumed => $"{occurrence.Silo} goes on",
        SimulationEventKind.SiloDeclaredDead => $"{occurrence.Silo} is declared dead",
        SimulationEventKind.SiloTerminated => $"{occurrence.Silo} learns that it was declared dead, and ends",
        SimulationEventKind.Partitioned => $"no messages get from {occurrence.Detail}",
        SimulationEventKind.Healed => $"messages get from {occurrence.Detail} again",
        SimulationEventKind.ActivationCreated => $"{occurrence.Silo}: {occurrence.Grain} is activated",
        SimulationEventKind.DuplicateBegins => $"{occurrence.Grain} may have two activations",
        SimulationEventKind.DuplicateEnds => $"{occurrence.Grain} has one activation",
        SimulationEventKind.StorageFault => $"{occurrence.Silo}: storage of {occurrence.Grain}: {occurrence.Detail}",
        _ => null,
    };

    /// <summary>Any event, for those who want to see them all.</summary>
    public static string DescribeAny(SimulationEvent occurrence) =>
        Describe(occurrence) ?? $"{occurrence.Silo}: {occurrence.Kind} {occurrence.Grain} {occurrence.Detail}".TrimEnd();
}
