namespace Mnist.Coordinator.Service;

/// <summary>How this coordinator works.</summary>
internal sealed record ServiceOptions
{
    /// <summary>Folder that holds the runs.</summary>
    public required string RunsDirectory { get; init; }

    /// <summary>Runs that are trained at the same time.</summary>
    public required int RunsAtOnce { get; init; }

    /// <summary>The most runs that wait.</summary>
    public int MaxQueued { get; init; } = 100;

    /// <summary>The most sample passes that a run may ask for: epochs times samples of the training split.</summary>
    public long MaxSamplePasses { get; init; } = 100_000_000;

    /// <summary>The most workers of a run.</summary>
    public int MaxWorkers { get; init; } = 256;

    /// <summary>How long somebody who reads events may take nothing of them before he is dropped.</summary>
    public TimeSpan ReaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Folder of the data set; null for MNIST from the user's cache.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Address of the cluster; null where the grains are in this process.</summary>
    public string? Cluster { get; init; }

    /// <summary>What computes gradients in this process; null for the default.</summary>
    public string? Engine { get; init; }

    /// <summary>Where libtorch computes, if it is the engine; null for the default.</summary>
    public string? TorchDevice { get; init; }

    /// <summary>Whether faults can be injected.</summary>
    public bool EnableFaults { get; init; }
}
