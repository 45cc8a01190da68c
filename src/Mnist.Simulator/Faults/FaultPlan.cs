namespace Mnist.Simulator.Faults;

/// <summary>
/// A trial as data: the cluster, the run and everything that goes wrong. Together with the code it decides every event, so that a
/// plan can be replayed, written by hand and reduced.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>Everything that is left to chance is drawn from it: delays, the order of turns, losses.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The cluster.</summary>
    public required ClusterShape Cluster { get; init; }

    /// <summary>The training run.</summary>
    public required RunShape Run { get; init; }

    /// <summary>What goes wrong.</summary>
    public required Fault[] Faults { get; init; }
}

/// <summary>The cluster of a trial. Ranges are [least, most]; each occurrence draws its own.</summary>
public sealed record ClusterShape
{
    /// <summary>Number of silos, named silo-1, silo-2 and so on.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>Delay of a message, milliseconds.</summary>
    public double[] NetworkMilliseconds { get; init; } = [0.1, 2];

    /// <summary>Delay of a request to storage, and again of its acknowledgement, milliseconds.</summary>
    public double[] StorageMilliseconds { get; init; } = [0.5, 5];

    /// <summary>How long a silo is out of reach until it is declared dead, seconds.</summary>
    public double[] DetectionSeconds { get; init; } = [1, 3];

    /// <summary>How long a silo that was declared dead, but runs, takes to learn of it, seconds.</summary>
    public double[] NoticeSeconds { get; init; } = [0, 5];

    /// <summary>Probability that a grain has two activations for a while as the membership changes.</summary>
    public double DuplicateProbability { get; init; }
}

/// <summary>The training run of a trial.</summary>
public sealed record RunShape
{
    /// <summary>
    /// <c>exact</c> for a stand-in of the network, a few numbers whose gradients depend on every bit of the weights; <c>tiny</c> for
    /// the network of that name on a few hundred images.
    /// </summary>
    public string Model { get; init; } = "exact";

    /// <summary>Recipe that optimizer, schedule and averaging are taken from.</summary>
    public string Recipe { get; init; } = "tiny";

    /// <summary>Optimizer, <c>adam</c> or <c>sgd</c>.</summary>
    public string Optimizer { get; init; } = "adam";

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Epochs.</summary>
    public int Epochs { get; init; } = 2;

    /// <summary>Training samples of an epoch.</summary>
    public int Samples { get; init; } = 320;

    /// <summary>Samples of a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Slices of a step.</summary>
    public int Slices { get; init; } = 8;

    /// <summary>Workers.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>Partitions of the parameter vector.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Time between checkpoints, seconds.</summary>
    public double CheckpointSeconds { get; init; } = 0.1;

    /// <summary>Time that a slice takes to compute, milliseconds, [least, most].</summary>
    public double[] SliceMilliseconds { get; init; } = [1, 3];

    /// <summary>Whether the run is deleted when its results have been fetched.</summary>
    public bool Deleted { get; init; }
}
