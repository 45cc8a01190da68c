namespace Orleans.Runtime;

/// <summary>Says on which silo a grain is activated.</summary>
public abstract class PlacementStrategy
{
}

/// <summary>Any silo.</summary>
[GenerateSerializer]
[Immutable]
public sealed class RandomPlacement : PlacementStrategy
{
}

/// <summary>The caller's silo where that is possible.</summary>
[GenerateSerializer]
[Immutable]
public sealed class PreferLocalPlacement : PlacementStrategy
{
}

/// <summary>A silo with few activations.</summary>
[GenerateSerializer]
[Immutable]
public sealed class ActivationCountBasedPlacement : PlacementStrategy
{
}

/// <summary>The silo that a hash of the grain's identity selects.</summary>
[GenerateSerializer]
[Immutable]
public sealed class HashBasedPlacement : PlacementStrategy
{
}

/// <summary>Every silo, several activations a silo.</summary>
/// <param name="maxLocalWorkers">The most activations on one silo; -1 for the number of processors.</param>
internal sealed class StatelessWorkerPlacement(int maxLocalWorkers) : PlacementStrategy
{
    public int MaxLocalWorkers { get; } = maxLocalWorkers > 0 ? maxLocalWorkers : Environment.ProcessorCount;
}
