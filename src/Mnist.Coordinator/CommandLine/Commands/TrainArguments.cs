using Mnist.Learning.Specification;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary>What the user typed after <c>train</c>. Null stands for an option that was not given.</summary>
internal sealed record TrainArguments
{
    /// <summary>Name of the recipe.</summary>
    public string? Recipe { get; init; }

    /// <summary>Seed of everything random.</summary>
    public ulong? Seed { get; init; }

    /// <summary>What differs from the recipe.</summary>
    public required RunOverrides Overrides { get; init; }

    /// <summary>Address of the cluster; null to train in this process.</summary>
    public string? Cluster { get; init; }

    /// <summary>Seconds that a cluster is waited for that cannot be reached.</summary>
    public required double PatienceSeconds { get; init; }

    /// <summary>What computes gradients.</summary>
    public string? Engine { get; init; }

    /// <summary>Where libtorch computes.</summary>
    public string? TorchDevice { get; init; }

    /// <summary>Number of workers.</summary>
    public int? Workers { get; init; }

    /// <summary>Number of parameter-server partitions.</summary>
    public int? Partitions { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public double? CheckpointIntervalSeconds { get; init; }

    /// <summary>Folder of the data set.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Folder of the run.</summary>
    public string? OutDirectory { get; init; }

    /// <summary>Whether to continue an interrupted run.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to print JSON lines.</summary>
    public bool Json { get; init; }

    /// <summary>Whether the runtime's warnings are shown.</summary>
    public bool Verbose { get; init; }
}
