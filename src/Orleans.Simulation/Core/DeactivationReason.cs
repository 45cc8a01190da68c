namespace Orleans;

/// <summary>Why an activation ended.</summary>
public readonly struct DeactivationReason
{
    /// <summary>Sets the reason.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="text">Its description.</param>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>Sets the reason.</summary>
    /// <param name="code">Its kind.</param>
    /// <param name="exception">What failed.</param>
    /// <param name="text">Its description.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Exception = exception;
        Description = text;
    }

    /// <summary>The description.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>What failed.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() => Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. {Exception}";
}

/// <summary>Kinds of reasons to end an activation.</summary>
[GenerateSerializer]
public enum DeactivationReasonCode : byte
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>The silo stops.</summary>
    ShuttingDown,

    /// <summary>The grain could not be activated.</summary>
    ActivationFailed,

    /// <summary>The directory could not be updated.</summary>
    DirectoryFailure,

    /// <summary>The activation was not used.</summary>
    ActivationIdle,

    /// <summary>The activation did not respond.</summary>
    ActivationUnresponsive,

    /// <summary>The grain was already active elsewhere.</summary>
    DuplicateActivation,

    /// <summary>A request needs another version of the grain.</summary>
    IncompatibleRequest,

    /// <summary>The grain failed.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>The grain moves to another silo.</summary>
    Migrating,

    /// <summary>The runtime asked for it.</summary>
    RuntimeRequested,

    /// <summary>Memory is short.</summary>
    HighMemoryPressure,
}
