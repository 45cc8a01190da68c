using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>A worker's side of a step.</summary>
[GenerateSerializer, Immutable, Alias("mnist.ExchangeRequest")]
public sealed record ExchangeRequest
{
    /// <summary>Index of the worker.</summary>
    [Id(0)] public required int Worker { get; init; }

    /// <summary>The round whose weights the worker holds, -1 for none.</summary>
    [Id(1)] public required long Round { get; init; }

    /// <summary>Frames computed for that round: gradients (or predictions), each over an aligned range of slices.</summary>
    [Id(2)] public required FrameBytes[] Frames { get; init; }

    /// <summary>Microseconds of computing that a slice took, 0 when nothing was computed.</summary>
    [Id(3)] public double MicrosecondsPerSlice { get; init; }

    /// <summary>The round after which to write a checkpoint, as the lead said; -1 for none.</summary>
    [Id(4)] public long CheckpointRound { get; init; } = -1;

    /// <summary>True when the worker still computes slices of the round: it asks only to hear when the round is over.</summary>
    [Id(5)] public bool Busy { get; init; }

    /// <summary>The round that the lead is known to serve, -1 for unknown: the other partitions take no part in evaluations, and learn
    /// from it that one is over.</summary>
    [Id(6)] public long LeadRound { get; init; } = -1;

    /// <summary>True when this is the worker's last call, as its silo stops: it hands in what it has and wants no more.</summary>
    [Id(7)] public bool Leaving { get; init; }

    /// <summary>The activation of the worker that calls, of which there may be several for a while; empty for unknown. It is how the server
    /// knows who has read the weights that it gave away.</summary>
    [Id(8)] public string Activation { get; init; } = "";

    /// <summary>The silo that the worker is in; empty for unknown.</summary>
    [Id(9)] public string Silo { get; init; } = "";
}

/// <summary>What a worker is to do next.</summary>
[GenerateSerializer, Immutable, Alias("mnist.ExchangeReply")]
public sealed record ExchangeReply
{
    /// <summary>The round being served.</summary>
    [Id(0)] public required long Round { get; init; }

    /// <summary>Weights frame of this partition for the round; null when the worker holds them already.</summary>
    [Id(1)] public FrameBytes? Weights { get; init; }

    /// <summary>Slices to compute, ascending; empty: ask again.</summary>
    [Id(2)] public required int[] Slices { get; init; }

    /// <summary>True when another worker was to compute these slices and is late: the work may turn out to be unnecessary.</summary>
    [Id(3)] public bool Speculative { get; init; }

    /// <summary>The round after which all partitions write a checkpoint; -1 for none.</summary>
    [Id(4)] public long CheckpointRound { get; init; } = -1;

    /// <summary>True when there is nothing left to do: the run is over, or paused.</summary>
    [Id(5)] public bool Ended { get; init; }

    /// <summary>The span of the step, as a W3C <c>traceparent</c>; null for the many steps that are not traced.</summary>
    [Id(6)] public string? TraceParent { get; init; }
}

/// <summary>What a parameter server is to serve.</summary>
[GenerateSerializer, Immutable, Alias("mnist.ServerAssignment")]
public sealed record ServerAssignment
{
    /// <summary>What is trained, and how.</summary>
    [Id(0)] public required RunRequest Request { get; init; }

    /// <summary>Leases and whether to serve at all.</summary>
    [Id(1)] public required RunDirective Directive { get; init; }

    /// <summary>The span in which the run was started, as a W3C <c>traceparent</c>; null where nobody traced it.</summary>
    [Id(2)] public string? TraceParent { get; init; }
}

/// <summary>What the run grain wants of the lead parameter server.</summary>
[GenerateSerializer, Immutable, Alias("mnist.RunDirective")]
public sealed record RunDirective
{
    /// <summary>Owner (worker index) of each slice, -1 for nobody.</summary>
    [Id(0)] public required int[] Leases { get; init; }

    /// <summary>False when the run is over, paused or cancelled.</summary>
    [Id(1)] public required bool Continue { get; init; }
}

/// <summary>What the lead parameter server saw since it last reported.</summary>
[GenerateSerializer, Immutable, Alias("mnist.ServerReport")]
public sealed record ServerReport
{
    /// <summary>Steps applied.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>Mean loss since the last report, nats; NaN when no step was applied.</summary>
    [Id(1)] public required double Loss { get; init; }

    /// <summary>Samples applied a second since the last report.</summary>
    [Id(2)] public required double ImagesPerSecond { get; init; }

    /// <summary>Seconds of training so far, over all attempts.</summary>
    [Id(3)] public required double TrainSeconds { get; init; }

    /// <summary>The ledger.</summary>
    [Id(4)] public required LedgerSummary Ledger { get; init; }

    /// <summary>Fault counters of this activation.</summary>
    [Id(5)] public required FaultCounters Faults { get; init; }

    /// <summary>Workers seen, by index.</summary>
    [Id(6)] public required WorkerObservation[] Workers { get; init; }

    /// <summary>Where the time of this activation's steps went.</summary>
    [Id(7)] public StepTimes Times { get; init; } = new();
}

/// <summary>Where the time of steps went that is not computing, since the lead parameter server was last started.</summary>
[GenerateSerializer, Immutable, Alias("mnist.StepTimes")]
public sealed record StepTimes
{
    /// <summary>Seconds in which the server took frames in, applied steps and sent workers on.</summary>
    [Id(0)] public double ServerSeconds { get; init; }

    /// <summary>Seconds that a worker, on the average, had delivered its slices and waited for those of others.</summary>
    [Id(1)] public double WaitSeconds { get; init; }
}

/// <summary>A worker as the lead parameter server sees it.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerObservation")]
public sealed record WorkerObservation
{
    /// <summary>Index of the worker.</summary>
    [Id(0)] public required int Worker { get; init; }

    /// <summary>True when it owed slices in the last round and has not been heard of since.</summary>
    [Id(1)] public required bool Suspect { get; init; }

    /// <summary>Moving average of the computing time of a slice, microseconds; 0 when unknown.</summary>
    [Id(2)] public required double MicrosecondsPerSlice { get; init; }

    /// <summary>Part of the time since the last report, 0 to 1, in which it waited for the others.</summary>
    [Id(3)] public required double WaitFraction { get; init; }
}

/// <summary>An epoch as the lead parameter server saw it.</summary>
[GenerateSerializer, Immutable, Alias("mnist.EpochReport")]
public sealed record EpochReport
{
    /// <summary>Epoch, from 0.</summary>
    [Id(0)] public required int Epoch { get; init; }

    /// <summary>The state of training.</summary>
    [Id(1)] public required ServerReport Server { get; init; }

    /// <summary>Mean loss of each step, nats.</summary>
    [Id(2)] public required float[] StepLosses { get; init; }

    /// <summary>Mean loss over the epoch's samples, nats.</summary>
    [Id(3)] public required double TrainLoss { get; init; }

    /// <summary>Part of the epoch's samples classified correctly while training, 0 to 1.</summary>
    [Id(4)] public required double TrainAccuracy { get; init; }

    /// <summary>Seconds of training in the epoch, evaluation apart.</summary>
    [Id(5)] public required double Seconds { get; init; }

    /// <summary>(validation samples + test samples, 10) probabilities as little-endian float32.</summary>
    [Id(6)] public required byte[] Probabilities { get; init; }

    /// <summary>The round of the evaluation.</summary>
    [Id(7)] public required long Round { get; init; }
}

/// <summary>Rounds that a partition can serve.</summary>
[GenerateSerializer, Immutable, Alias("mnist.PartitionRounds")]
public sealed record PartitionRounds
{
    /// <summary>The round being served.</summary>
    [Id(0)] public required long Current { get; init; }

    /// <summary>Rounds of the stored checkpoints.</summary>
    [Id(1)] public required long[] Checkpoints { get; init; }
}

/// <summary>A part of the evaluated state vector.</summary>
[GenerateSerializer, Immutable, Alias("mnist.PartitionState")]
public sealed record PartitionState
{
    /// <summary>Steps applied.</summary>
    [Id(0)] public required long Step { get; init; }

    /// <summary>Index of the first element in the state vector.</summary>
    [Id(1)] public required int Start { get; init; }

    /// <summary>Elements as little-endian float32.</summary>
    [Id(2)] public required byte[] Elements { get; init; }
}
