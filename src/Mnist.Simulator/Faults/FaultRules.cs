namespace Mnist.Simulator.Faults;

/// <summary>Which properties a kind of fault has.</summary>
[Flags]
internal enum FaultProperties
{
    None = 0,
    Target = 1,
    Other = 2,
    Probability = 4,
    Factor = 8,
    Milliseconds = 16,
    BytesPerSecond = 32,
    NeedsTarget = 64,
}

/// <summary>What is known of the kinds of faults.</summary>
internal static class FaultRules
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>();

    /// <summary>The properties that a fault of a kind has besides its moment and its duration.</summary>
    public static FaultProperties Properties(FaultKind kind) => kind switch
    {
        FaultKind.Crash or FaultKind.Stop or FaultKind.Pause or FaultKind.DuplicateActivation =>
            FaultProperties.Target | FaultProperties.NeedsTarget,
        FaultKind.Partition or FaultKind.OneWayPartition =>
            FaultProperties.Target | FaultProperties.NeedsTarget | FaultProperties.Other,
        FaultKind.Loss or FaultKind.ResponseLoss => FaultProperties.Target | FaultProperties.Probability,
        FaultKind.RefusingStorage or FaultKind.ConflictingStorage or FaultKind.LostWrites => FaultProperties.Probability,
        FaultKind.Delay or FaultKind.SlowStorage => FaultProperties.Milliseconds,
        FaultKind.Bandwidth => FaultProperties.Target | FaultProperties.BytesPerSecond,
        FaultKind.Straggler => FaultProperties.Target | FaultProperties.NeedsTarget | FaultProperties.Factor,
        _ => FaultProperties.None,
    };

    /// <summary>Properties that a fault of the kind cannot do without.</summary>
    public static FaultProperties Required(FaultKind kind)
    {
        var properties = Properties(kind);
        var optional = FaultProperties.Other | (properties.HasFlag(FaultProperties.NeedsTarget) ? 0 : FaultProperties.Target);
        return properties & ~optional & ~FaultProperties.NeedsTarget;
    }
}
