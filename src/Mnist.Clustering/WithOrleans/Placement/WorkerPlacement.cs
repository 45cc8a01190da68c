using System.Diagnostics.CodeAnalysis;
using Mnist.Grains.Grains;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Mnist.Clustering.Placement;

/// <summary>On a silo that has a free worker slot.</summary>
[GenerateSerializer, Immutable, Alias("mnist.WorkerPlacement")]
internal sealed class WorkerPlacement : PlacementStrategy;

/// <summary>Says that workers, and no other grains, are placed by <see cref="WorkerPlacement"/>.</summary>
internal sealed class WorkerPlacementResolver(GrainTypeResolver types) : IPlacementStrategyResolver
{
    private static readonly WorkerPlacement Strategy = new();
    private readonly GrainType _worker = types.GetGrainType(typeof(WorkerGrain));

    /// <inheritdoc/>
    public bool TryResolvePlacementStrategy(
        GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result)
    {
        result = grainType == _worker ? Strategy : null;
        return result is not null;
    }
}
