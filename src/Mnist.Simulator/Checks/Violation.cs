namespace Mnist.Simulator.Checks;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Name of the invariant.</param>
/// <param name="Reason">What was found, where, and what was expected.</param>
/// <param name="At">Virtual time since the start of the run.</param>
public sealed record Violation(string Invariant, string Reason, TimeSpan At);

/// <summary>The invariants of docs/SIMULATION.md, by name.</summary>
internal static class Invariants
{
    /// <summary>Every gradient is computed with the weights of its step; in <c>sync</c> mode the bound of staleness is 0.</summary>
    public const string Staleness = "staleness bound";

    /// <summary>The weights of every step have the bits of the fault-free run.</summary>
    public const string Weights = "weights equal the fault-free run";

    /// <summary>A server goes from round to round by one, or back to a checkpoint that is stored.</summary>
    public const string Monotone = "monotone versions";

    /// <summary>Every sample of an epoch is applied once.</summary>
    public const string Ledger = "exactly-once ledger";

    /// <summary>Nobody overwrites what he has not seen, and no newer checkpoint by an older one.</summary>
    public const string Commit = "no stale commit";

    /// <summary>Checkpoints stay for as long as a run can go on, and no longer.</summary>
    public const string Checkpoints = "checkpoints end with the run";

    /// <summary>A run that was deleted leaves nothing in storage, and nothing comes back.</summary>
    public const string Deletion = "deleted runs leave nothing";

    /// <summary>Nothing that waits piles up.</summary>
    public const string Queues = "bounded queues";

    /// <summary>Who waits for something does not ask for it on and on.</summary>
    public const string Patience = "no busy waiting";

    /// <summary>When all is well again, the run ends within a bound of virtual time.</summary>
    public const string Liveness = "the run ends after faults heal";

    /// <summary>The run ends with the results of the fault-free run.</summary>
    public const string Results = "results equal the fault-free run";

    /// <summary>Nothing happens outside the simulation, and nothing throws where nobody catches.</summary>
    public const string Determinism = "the simulation decides everything";
}
