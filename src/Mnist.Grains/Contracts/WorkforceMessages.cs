using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>Who works on a run at the moment.</summary>
[GenerateSerializer, Immutable, Alias("mnist.Workforce")]
public sealed record Workforce
{
    /// <summary>Steps applied, as last reported.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>Samples applied a second, of late.</summary>
    [Id(1)] public required double ImagesPerSecond { get; init; }

    /// <summary>Owner (worker index) of each slice, -1 for nobody.</summary>
    [Id(2)] public required int[] Leases { get; init; }

    /// <summary>The workers, by index.</summary>
    [Id(3)] public required WorkerCondition[] Workers { get; init; }
}

/// <summary>A worker as the run sees it.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerCondition")]
public sealed record WorkerCondition
{
    /// <summary>True when it works, or has not been called yet.</summary>
    [Id(0)] public required bool IsLive { get; init; }

    /// <summary>True when it owed slices in the last round and was not heard of.</summary>
    [Id(1)] public required bool IsSuspect { get; init; }

    /// <summary>Silo that it last answered from; empty before that.</summary>
    [Id(2)] public required string Silo { get; init; }

    /// <summary>Moving average of the computing time of a slice, microseconds; 0 when unknown.</summary>
    [Id(3)] public required double MicrosecondsPerSlice { get; init; }

    /// <summary>Part of its time of late, 0 to 1, in which it waited for the others.</summary>
    [Id(4)] public required double WaitFraction { get; init; }
}
