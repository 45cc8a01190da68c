using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>What can go wrong with a worker on purpose.</summary>
public enum WorkerFaultKind
{
    /// <summary>It ends in the midst of its work, and its silo does not let it begin again for a while.</summary>
    Kill,

    /// <summary>Computing takes longer for a while.</summary>
    Slow,

    /// <summary>Calls to parameter servers are lost for a while.</summary>
    Drop,
}

/// <summary>Something that is to go wrong with a worker.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerFault")]
public sealed record WorkerFault
{
    /// <summary>What is to go wrong.</summary>
    [Id(0)] public required WorkerFaultKind Kind { get; init; }

    /// <summary>How long it lasts.</summary>
    [Id(1)] public required TimeSpan Duration { get; init; }

    /// <summary>For <see cref="WorkerFaultKind.Slow"/>: how many times as long computing takes. For <see cref="WorkerFaultKind.Drop"/>:
    /// part of the calls that are lost, 0 to 1.</summary>
    [Id(2)] public double Extent { get; init; }
}
