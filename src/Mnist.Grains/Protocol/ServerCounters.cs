namespace Mnist.Grains.Protocol;

/// <summary>What a partition dropped, for the fault counters.</summary>
public sealed class ServerCounters
{
    /// <summary>Frames whose slices were there already.</summary>
    public long Redundant { get; set; }

    /// <summary>Frames of a round that is over, or that the partition, gone back to a checkpoint, has yet to reach.</summary>
    public long Stale { get; set; }

    /// <summary>Frames that are damaged or do not fit the run.</summary>
    public long Refused { get; set; }
}
