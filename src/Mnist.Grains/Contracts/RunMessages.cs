using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>What to train.</summary>
[GenerateSerializer, Immutable, Alias("mnist.RunRequest")]
public sealed record RunRequest
{
    /// <summary>Canonical JSON of the <see cref="Learning.Specification.RunSpec"/>.</summary>
    [Id(0)] public required string SpecJson { get; init; }

    /// <summary>How to run it; makes no difference to the result.</summary>
    [Id(1)] public required RunOptions Options { get; init; }

    /// <summary>The span that the start is part of, as a W3C <c>traceparent</c>; null where nobody traces it.</summary>
    [Id(2)] public string? TraceParent { get; init; }
}

/// <summary>How a run is carried out. Nothing here makes a difference to the result.</summary>
[GenerateSerializer, Immutable, Alias("mnist.RunOptions")]
public sealed record RunOptions
{
    /// <summary>Number of worker grains, at least 1.</summary>
    [Id(0)] public required int Workers { get; init; }

    /// <summary>Number of parameter-server grains that share the state vector, at least 1.</summary>
    [Id(1)] public int Partitions { get; init; } = 1;

    /// <summary>Time between checkpoints; there is one at the end of every epoch too.</summary>
    [Id(2)] public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>State of a run.</summary>
public enum RunStatus
{
    /// <summary>Never started.</summary>
    Unknown,

    /// <summary>Training.</summary>
    Running,

    /// <summary>Stopped with a checkpoint, can be continued.</summary>
    Paused,

    /// <summary>Trained to the end.</summary>
    Completed,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended on request.</summary>
    Cancelled,

    /// <summary>Ended, and half deleted: what it came to is gone, and it has to be deleted once more.</summary>
    Deleting,
}

/// <summary>Where a run stands.</summary>
[GenerateSerializer, Immutable, Alias("mnist.RunProgress")]
public sealed record RunProgress
{
    /// <summary>State of the run.</summary>
    [Id(0)] public required RunStatus Status { get; init; }

    /// <summary>Steps applied to the weights.</summary>
    [Id(1)] public required long Step { get; init; }

    /// <summary>Steps of the whole run.</summary>
    [Id(2)] public required long TotalSteps { get; init; }

    /// <summary>Epoch in progress, from 0.</summary>
    [Id(3)] public required int Epoch { get; init; }

    /// <summary>Mean loss over the last reported steps, nats; NaN before the first.</summary>
    [Id(4)] public required double Loss { get; init; }

    /// <summary>Samples applied a second, of late.</summary>
    [Id(5)] public required double ImagesPerSecond { get; init; }

    /// <summary>Seconds from the first step to the last applied one, over all attempts.</summary>
    [Id(6)] public required double TrainSeconds { get; init; }

    /// <summary>Results of the completed epochs.</summary>
    [Id(7)] public required EpochResult[] Epochs { get; init; }

    /// <summary>The ledger as last reported.</summary>
    [Id(8)] public required LedgerSummary Ledger { get; init; }

    /// <summary>Counters of what was survived.</summary>
    [Id(9)] public required FaultCounters Faults { get; init; }

    /// <summary>Workers that answered their last call.</summary>
    [Id(10)] public required int LiveWorkers { get; init; }

    /// <summary>Why the run failed; empty otherwise.</summary>
    [Id(11)] public required string Error { get; init; }

    /// <summary>What its gradients were computed with, in the order of their names. Only where this is <c>simd</c> alone are the
    /// weights' bits a function of the specification.</summary>
    [Id(12)] public required string[] Engines { get; init; }

    /// <summary>Where the time of the steps went that is not computing.</summary>
    [Id(13)] public StepTimes Times { get; init; } = new();
}

/// <summary>Result of an epoch.</summary>
[GenerateSerializer, Immutable, Alias("mnist.EpochResult")]
public sealed record EpochResult
{
    /// <summary>Epoch, from 1.</summary>
    [Id(0)] public required int Epoch { get; init; }

    /// <summary>Mean training loss, nats.</summary>
    [Id(1)] public required double TrainLoss { get; init; }

    /// <summary>Training accuracy as trained (with augmentation and dropout), 0 to 1.</summary>
    [Id(2)] public required double TrainAccuracy { get; init; }

    /// <summary>Accuracy on the validation samples, 0 to 1; null where there are none.</summary>
    [Id(3)] public double? ValidationAccuracy { get; init; }

    /// <summary>Accuracy on the test split, 0 to 1.</summary>
    [Id(4)] public required double TestAccuracy { get; init; }

    /// <summary>Mean loss on the test split, nats.</summary>
    [Id(5)] public required double TestLoss { get; init; }

    /// <summary>Learning rate of the last step.</summary>
    [Id(6)] public required float LearningRate { get; init; }

    /// <summary>Seconds of training, evaluation apart.</summary>
    [Id(7)] public required double Seconds { get; init; }

    /// <summary>Mean loss of every step of the epoch, nats.</summary>
    [Id(8)] public required float[] StepLosses { get; init; }
}

/// <summary>What became of the samples.</summary>
[GenerateSerializer, Immutable, Alias("mnist.LedgerSummary")]
public sealed record LedgerSummary
{
    /// <summary>Samples applied to the weights, over all epochs.</summary>
    [Id(0)] public required long Samples { get; init; }

    /// <summary>Samples applied more than once within an epoch.</summary>
    [Id(1)] public required long Duplicates { get; init; }

    /// <summary>Samples of completed epochs that were never applied.</summary>
    [Id(2)] public required long Missing { get; init; }
}

/// <summary>What was survived, counted since the run was last started.</summary>
[GenerateSerializer, Immutable, Alias("mnist.FaultCounters")]
public sealed record FaultCounters
{
    /// <summary>Slices given to a second worker because the first was late.</summary>
    [Id(0)] public long SpeculatedSlices { get; init; }

    /// <summary>Contributions dropped because the slice was there already.</summary>
    [Id(1)] public long RedundantContributions { get; init; }

    /// <summary>Contributions dropped because their step was over.</summary>
    [Id(2)] public long StaleContributions { get; init; }

    /// <summary>Frames refused: damaged, of another run, or of the wrong length.</summary>
    [Id(3)] public long RefusedFrames { get; init; }

    /// <summary>Times that leases moved from one worker to another.</summary>
    [Id(4)] public long LeaseMoves { get; init; }

    /// <summary>Times that a parameter server went back to a checkpoint.</summary>
    [Id(5)] public long Recoveries { get; init; }

    /// <summary>Checkpoints written.</summary>
    [Id(6)] public long Checkpoints { get; init; }

    /// <summary>Checkpoints and results of epochs that the storage refused.</summary>
    [Id(7)] public long FailedCheckpoints { get; init; }

    /// <summary>The sums with other counters.</summary>
    /// <param name="other">Other counters; null counts as zeros.</param>
    public FaultCounters Plus(FaultCounters? other) => other is null ? this : new FaultCounters
    {
        SpeculatedSlices = SpeculatedSlices + other.SpeculatedSlices,
        RedundantContributions = RedundantContributions + other.RedundantContributions,
        StaleContributions = StaleContributions + other.StaleContributions,
        RefusedFrames = RefusedFrames + other.RefusedFrames,
        LeaseMoves = LeaseMoves + other.LeaseMoves,
        Recoveries = Recoveries + other.Recoveries,
        Checkpoints = Checkpoints + other.Checkpoints,
        FailedCheckpoints = FailedCheckpoints + other.FailedCheckpoints,
    };
}

/// <summary>Weights of a run.</summary>
[GenerateSerializer, Immutable, Alias("mnist.ModelSnapshot")]
public sealed record ModelSnapshot
{
    /// <summary>Steps applied.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>The state vector (parameters, running statistics) as little-endian float32.</summary>
    [Id(1)] public required byte[] State { get; init; }
}

/// <summary>Predictions of an evaluation.</summary>
[GenerateSerializer, Immutable, Alias("mnist.EvaluationSnapshot")]
public sealed record EvaluationSnapshot
{
    /// <summary>Epoch after which it was made, from 1.</summary>
    [Id(0)] public required int Epoch { get; init; }

    /// <summary>(test samples, 10) probabilities as little-endian float32.</summary>
    [Id(1)] public required byte[] TestProbabilities { get; init; }
}
