namespace Mnist.Simulator.Faults;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>A silo ends at once, and starts anew after a while.</summary>
    Crash,

    /// <summary>A silo is shut down in an orderly way, and starts anew after a while.</summary>
    Stop,

    /// <summary>A silo stands still for a while; others may declare it dead meanwhile.</summary>
    Pause,

    /// <summary>Messages are lost with a probability.</summary>
    Loss,

    /// <summary>Answers are lost with a probability: calls time out that were executed.</summary>
    ResponseLoss,

    /// <summary>Messages travel longer, and overtake each other more.</summary>
    Delay,

    /// <summary>A silo's connection, or all of them, carry few bytes a second.</summary>
    Bandwidth,

    /// <summary>A silo and others cannot reach each other.</summary>
    Partition,

    /// <summary>A silo hears the others, and they do not hear it.</summary>
    OneWayPartition,

    /// <summary>A grain has two activations for a while.</summary>
    DuplicateActivation,

    /// <summary>Storage takes its time.</summary>
    SlowStorage,

    /// <summary>Storage refuses operations with a probability.</summary>
    RefusingStorage,

    /// <summary>Storage reports a version conflict with a probability, though there is none.</summary>
    ConflictingStorage,

    /// <summary>Writes, or their acknowledgements, are lost with a probability.</summary>
    LostWrites,

    /// <summary>A worker, or all workers of a silo, compute slower by a factor.</summary>
    Straggler,

    /// <summary>The coordinator ends at once, and a new one takes over after a while.</summary>
    CoordinatorRestart,

    /// <summary>The coordinator pauses the run, with a checkpoint, and continues it after a while.</summary>
    RunPause,
}
