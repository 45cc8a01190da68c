using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>How operations on storage fare. May change during a run. The probabilities are of one operation.</summary>
public sealed class StorageConditions
{
    /// <summary>How long a request to storage travels, and how long its acknowledgement.</summary>
    public TimeRange Delay { get; set; } = TimeRange.Milliseconds(0.5, 5);

    /// <summary>After what time without an acknowledgement the operation fails with a <see cref="TimeoutException"/>.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The probability of <see cref="StorageOutcome.Refused"/>.</summary>
    public double RefusalProbability { get; set; }

    /// <summary>The probability of <see cref="StorageOutcome.Conflict"/>; of writes and clears only.</summary>
    public double ConflictProbability { get; set; }

    /// <summary>The probability of <see cref="StorageOutcome.RequestLost"/>.</summary>
    public double RequestLossProbability { get; set; }

    /// <summary>The probability of <see cref="StorageOutcome.AcknowledgementLost"/>.</summary>
    public double AcknowledgementLossProbability { get; set; }

    /// <summary>Decides how a certain operation fares; null leaves it to the probabilities. Must be deterministic.</summary>
    public Func<StorageOperation, StorageOutcome?>? Decide { get; set; }
}

/// <summary>How an operation on storage fares.</summary>
public enum StorageOutcome
{
    /// <summary>It is executed, and refused only if the record has another version.</summary>
    Executed,

    /// <summary>It is not executed, and the caller learns so.</summary>
    Refused,

    /// <summary>It is not executed, as if another writer had been first.</summary>
    Conflict,

    /// <summary>It is not executed, and the caller does not learn so: it times out.</summary>
    RequestLost,

    /// <summary>It is executed, and the caller does not learn so: it times out.</summary>
    AcknowledgementLost,
}

/// <summary>What an operation on storage does.</summary>
public enum StorageOperationKind
{
    /// <summary>Reads a record.</summary>
    Read,

    /// <summary>Writes a record.</summary>
    Write,

    /// <summary>Deletes a record.</summary>
    Clear,
}

/// <summary>An operation on storage.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Silo">The name of the silo that asks for it.</param>
/// <param name="Storage">The name of the provider.</param>
/// <param name="StateName">The record's name within the grain.</param>
/// <param name="Grain">The grain.</param>
public readonly record struct StorageOperation(
    StorageOperationKind Kind, string Silo, string Storage, string StateName, GrainId Grain);
