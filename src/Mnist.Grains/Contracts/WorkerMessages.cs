using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>What a worker is to work on.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerAssignment")]
public sealed record WorkerAssignment
{
    /// <summary>The run.</summary>
    [Id(0)] public required string RunId { get; init; }

    /// <summary>Index of the worker within the run.</summary>
    [Id(1)] public required int Worker { get; init; }

    /// <summary>What is trained, and how.</summary>
    [Id(2)] public required RunRequest Request { get; init; }
}

/// <summary>What a worker answers when it is called.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerStatus")]
public sealed record WorkerStatus
{
    /// <summary>False where its silo has no room for it.</summary>
    [Id(0)] public required bool Works { get; init; }

    /// <summary>What computes its gradients.</summary>
    [Id(1)] public required string Engine { get; init; }

    /// <summary>The silo.</summary>
    [Id(2)] public required string Silo { get; init; }
}
