using System.Text.Json;
using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Service;

/// <summary>A run as it stands now.</summary>
public sealed record RunView
{
    /// <summary>Name of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Where it stands in its life.</summary>
    public required RunPhase Status { get; init; }

    /// <summary>Runs that are before it in the queue; null unless it is queued.</summary>
    public required int? QueuedBehind { get; init; }

    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Number of workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Number of parameter-server partitions.</summary>
    public required int Partitions { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public required DateTimeOffset? EndedAt { get; init; }

    /// <summary>How far it is.</summary>
    public required RunProgressView Progress { get; init; }

    /// <summary>SHA-256 of the final weights; null unless it is completed.</summary>
    public required string? WeightsSha256 { get; init; }

    /// <summary>Why it failed; empty otherwise.</summary>
    public required string Error { get; init; }

    /// <summary>Id of its newest event, 0 where there is none.</summary>
    public required long LastEventId { get; init; }

    /// <summary>SHA-256 of the specification: equal specifications end with equal weights.</summary>
    public required string SpecSha256 { get; init; }

    /// <summary>The specification in its JSON form.</summary>
    public required JsonElement Spec { get; init; }
}

/// <summary>How far a run is.</summary>
public sealed record RunProgressView
{
    /// <summary>Steps applied to the weights.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>Epoch in progress, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The most passes over the training samples.</summary>
    public required int Epochs { get; init; }

    /// <summary>Mean training loss of late, nats; null before the first.</summary>
    public required double? Loss { get; init; }

    /// <summary>Samples applied a second, of late.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Seconds of training, over all attempts.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Accuracy on the validation samples after the last epoch, 0 to 1; null where there is none.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Accuracy on the test split after the last epoch, 0 to 1; null before the first.</summary>
    public required double? TestAccuracy { get; init; }

    /// <summary>Workers that are alive.</summary>
    public required int LiveWorkers { get; init; }

    /// <summary>What became of the samples.</summary>
    public required LedgerSummary Ledger { get; init; }

    /// <summary>What was survived since the run was last started.</summary>
    public required FaultCounters Faults { get; init; }
}

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The entries.</param>
/// <param name="Total">Entries of the whole list.</param>
/// <param name="Offset">Entries before the first one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, int Offset);

/// <summary>Which runs to list, the newest first.</summary>
/// <param name="Status">Only runs that stand there; null for all.</param>
/// <param name="Offset">Entries to skip.</param>
/// <param name="Limit">The most entries.</param>
public sealed record RunQuery(RunPhase? Status = null, int Offset = 0, int Limit = 50);

/// <summary>
/// A run to begin: the options of <c>mnist train</c> by their long names, without dashes in front, as they would be typed.
/// </summary>
/// <param name="Options">For example <c>recipe</c> = <c>tiny</c>, <c>learning-rate</c> = <c>0.01</c>, <c>augment</c> = <c>true</c>.</param>
public sealed record NewRun(IReadOnlyDictionary<string, string> Options);
