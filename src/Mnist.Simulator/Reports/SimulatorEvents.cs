using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;
using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Reports;

/// <summary>How far a sweep has come.</summary>
internal sealed record SweepProgressEvent(long Seeds, int Failures, double Seconds) : OutputEvent("progress");

/// <summary>An invariant did not hold.</summary>
/// <param name="Seed">Seed of the plan.</param>
/// <param name="Invariant">Name of the invariant.</param>
/// <param name="Reason">What was found, and what was expected.</param>
/// <param name="VirtualSeconds">When.</param>
/// <param name="EventHash">Hash of the events up to then.</param>
/// <param name="ReplayCommand">What shows it again.</param>
/// <param name="ShrinkCommand">What looks for a smaller plan that fails too.</param>
internal sealed record FailureEvent(
    ulong Seed, string Invariant, string Reason, double VirtualSeconds, string EventHash, string ReplayCommand, string ShrinkCommand)
    : OutputEvent("failure")
{
    /// <summary>Makes the event of a failure.</summary>
    public static FailureEvent From(TrialResult result, string plan) => new(
        result.Plan.Seed,
        result.Violation!.Invariant,
        result.Violation.Reason,
        result.Violation.At.TotalSeconds,
        SimulatorText.Hash(result.EventHash),
        UserCommands.Replay(plan),
        UserCommands.Shrink(plan));
}

/// <summary>How often something happened, and in how many seeds.</summary>
internal sealed record TallyJson(long Times, long Seeds);

/// <summary>What a sweep came to.</summary>
/// <param name="Seeds">Seeds that were tried.</param>
/// <param name="LastSeed">The last of them.</param>
/// <param name="FailedSeeds">Seeds of the trials in which an invariant did not hold.</param>
/// <param name="Seconds">Real time.</param>
/// <param name="VirtualSeconds">Virtual time of all trials.</param>
/// <param name="Events">Events of all trials.</param>
/// <param name="EventHash">Hash of the event hashes of all trials.</param>
/// <param name="SlowestRecoverySeconds">Virtual time that the slowest run took after all was well again.</param>
/// <param name="SlowestRecoverySeed">Its seed.</param>
/// <param name="Counts">How often faults struck, and paths were taken.</param>
internal sealed record SweepEvent(
    long Seeds,
    ulong LastSeed,
    ulong[] FailedSeeds,
    double Seconds,
    double VirtualSeconds,
    long Events,
    string EventHash,
    double? SlowestRecoverySeconds,
    ulong? SlowestRecoverySeed,
    IReadOnlyDictionary<string, TallyJson> Counts) : OutputEvent("completed")
{
    /// <summary>Makes the event of a summary.</summary>
    public static SweepEvent From(SweepSummary summary) => new(
        summary.Seeds,
        summary.LastSeed,
        [.. summary.Failures.Select(failure => failure.Plan.Seed)],
        summary.RealTime.TotalSeconds,
        summary.VirtualTime.TotalSeconds,
        summary.Events,
        SimulatorText.Hash(summary.EventHash),
        summary.SlowestRecovery?.Time.TotalSeconds,
        summary.SlowestRecovery?.Seed,
        summary.Tallies.ToDictionary(entry => entry.Key, entry => new TallyJson(entry.Value.Count, entry.Value.Seeds)));
}

/// <summary>Something that happened in a trial.</summary>
/// <param name="VirtualSeconds">When.</param>
/// <param name="Text">What, in words.</param>
internal sealed record TimelineEvent(double VirtualSeconds, string Text) : OutputEvent("timeline");

/// <summary>What a trial came to.</summary>
/// <param name="Seed">Seed of the plan.</param>
/// <param name="Invariant">The invariant that did not hold; null if all did.</param>
/// <param name="Reason">What was found, and what was expected.</param>
/// <param name="VirtualSeconds">Virtual time that it took.</param>
/// <param name="RecoverySeconds">Virtual time from the end of the last fault.</param>
/// <param name="Events">Number of events.</param>
/// <param name="EventHash">Hash of all events.</param>
/// <param name="Counts">How often faults struck, and paths were taken.</param>
internal sealed record TrialEvent(
    ulong Seed,
    string? Invariant,
    string? Reason,
    double VirtualSeconds,
    double RecoverySeconds,
    long Events,
    string EventHash,
    IReadOnlyDictionary<string, long> Counts) : OutputEvent("completed")
{
    /// <summary>Makes the event of a result.</summary>
    public static TrialEvent From(TrialResult result) => new(
        result.Plan.Seed,
        result.Violation?.Invariant,
        result.Violation?.Reason,
        result.Duration.TotalSeconds,
        result.Recovery.TotalSeconds,
        result.Events,
        SimulatorText.Hash(result.EventHash),
        result.Coverage.Counts);
}

/// <summary>How far the search for a smaller plan has come.</summary>
internal sealed record ShrinkProgressEvent(int Trials, int Faults) : OutputEvent("progress");

/// <summary>The smallest plan that was found.</summary>
/// <param name="Trials">Number of trials.</param>
/// <param name="Failure">How it fails.</param>
/// <param name="Plan">The plan, in the form of its file.</param>
internal sealed record ShrunkEvent(int Trials, FailureEvent Failure, JsonObject Plan) : OutputEvent("completed");

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SweepProgressEvent))]
[JsonSerializable(typeof(FailureEvent))]
[JsonSerializable(typeof(SweepEvent))]
[JsonSerializable(typeof(TimelineEvent))]
[JsonSerializable(typeof(TrialEvent))]
[JsonSerializable(typeof(ShrinkProgressEvent))]
[JsonSerializable(typeof(ShrunkEvent))]
internal sealed partial class SimulatorJsonContext : JsonSerializerContext;
