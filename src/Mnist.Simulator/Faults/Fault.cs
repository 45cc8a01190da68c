namespace Mnist.Simulator.Faults;

/// <summary>
/// Something that goes wrong at a moment, and is well again after a while. The moment is a virtual time (<see cref="At"/>), or a
/// point of the run (<see cref="Round"/>). Which other properties a fault has depends on its kind: docs/SIMULATION.md lists them.
/// </summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>When, in seconds of virtual time since the start of the run.</summary>
    public double? At { get; init; }

    /// <summary>When: as soon as the lead partition serves this round or a later one.</summary>
    public long? Round { get; init; }

    /// <summary>With <see cref="Round"/>: not before so many slices of the round, or of a later one, were received.</summary>
    public int? Slices { get; init; }

    /// <summary>With <see cref="Round"/>: not before a checkpoint of this round or a later one is on its way to storage.</summary>
    public bool? Checkpoint { get; init; }

    /// <summary>How long, in seconds of virtual time: until a silo is back, a network is well, a grain has one activation.</summary>
    public required double For { get; init; }

    /// <summary>
    /// Whom it hits: a silo by its name (<c>silo-2</c>), the silo where a grain is at that moment (<c>server/0</c>, <c>run</c>,
    /// <c>worker/3</c>), the <c>client</c>, or, where that makes sense, everything (null).
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The other side of a partition, as <see cref="Target"/>; null for all others.</summary>
    public string? Other { get; init; }

    /// <summary>Probability, above 0 and up to 1, of what can happen to a message or a storage operation.</summary>
    public double? Probability { get; init; }

    /// <summary>How many times slower a straggler is.</summary>
    public double? Factor { get; init; }

    /// <summary>The longest additional delay of a message or a storage operation, milliseconds.</summary>
    public double? Milliseconds { get; init; }

    /// <summary>What a connection carries in each direction, bytes a second.</summary>
    public long? BytesPerSecond { get; init; }
}
