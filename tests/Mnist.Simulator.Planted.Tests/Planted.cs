namespace Mnist.Simulator.Planted;

/// <summary>Mistakes that somebody could make in the grains.</summary>
public enum Bug
{
    /// <summary>All is as it should be.</summary>
    None,

    /// <summary>A slice that comes twice is added twice.</summary>
    DropTheDeduplication,

    /// <summary>Slices are added in the order in which they come.</summary>
    SumInArrivalOrder,

    /// <summary>A step is applied without its last slice, once it is late.</summary>
    ApplyEarly,

    /// <summary>Nobody asks which step a gradient is of.</summary>
    AcceptStaleGradients,

    /// <summary>The slices of a worker that has vanished are never given to anybody.</summary>
    LoseLeases,

    /// <summary>A server leaves out an evaluation.</summary>
    SkipRounds,

    /// <summary>A checkpoint is written whatever the ETag of what is there.</summary>
    SkipTheFence,

    /// <summary>Weights and optimizer are restored, the ledger is not.</summary>
    ForgetTheLedger,

    /// <summary>A server goes on from the older of two checkpoints and takes it for the newer.</summary>
    RestoreTheOlderCheckpoint,

    /// <summary>A worker computes with partitions of different rounds.</summary>
    MixRounds,

    /// <summary>A worker sends what is in the buffers of slices that it did not compute.</summary>
    SendWhatWasNotComputed,

    /// <summary>A worker gives the memory of weights back before it has computed with them.</summary>
    ReleaseWeightsTooEarly,

    /// <summary>A server gives the memory of gradients back before it has added them.</summary>
    ReleaseGradientsTooEarly,

    /// <summary>A run is completed although a partition has lost the weights that were evaluated.</summary>
    CompleteWithAPartitionBehind,

    /// <summary>The checkpoints of a run that can go on are deleted.</summary>
    DeleteCheckpointsTooEarly,

    /// <summary>Checkpoints stay when the storage refuses to delete them at once.</summary>
    LeaveCheckpoints,

    /// <summary>Whoever deletes a run forgets it first, and then what it has stored.</summary>
    ForgetTheRunFirst,

    /// <summary>A run that is completed can be paused.</summary>
    PauseWhatIsComplete,

    /// <summary>The run calls its workers again and again without waiting for their answers.</summary>
    PileUpCalls,

    /// <summary>A server does not let calls wait until there is something to do.</summary>
    AnswerAtOnce,

    /// <summary>A worker waits by the clock of the machine.</summary>
    WaitOutsideTheSimulation,
}

/// <summary>The switch that the planted code looks at.</summary>
internal static class Planted
{
    /// <summary>The index of a worker that there is not.</summary>
    public const int Ghost = 1000;

    // Trials keep to one thread, so that tests with different bugs run beside each other.
    [ThreadStatic]
    private static Bug _active;

    /// <summary>Whether a bug is at work.</summary>
    public static bool IsOn(Bug bug) => _active == bug;

    /// <summary>Runs code with a bug.</summary>
    public static T With<T>(Bug bug, Func<T> code)
    {
        _active = bug;
        try
        {
            return code();
        }
        finally
        {
            _active = Bug.None;
        }
    }
}
