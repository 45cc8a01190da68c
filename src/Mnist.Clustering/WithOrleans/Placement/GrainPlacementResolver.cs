using System.Diagnostics.CodeAnalysis;
using Mnist.Grains.Grains;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Mnist.Clustering.Placement;

/// <summary>Says which grains are placed by a strategy of their own.</summary>
internal sealed class GrainPlacementResolver : IPlacementStrategyResolver
{
    private readonly Dictionary<GrainType, PlacementStrategy> _strategies;

    /// <summary>Finds the grains.</summary>
    public GrainPlacementResolver(GrainTypeResolver types)
    {
        var run = new RunPlacement();
        _strategies = new()
        {
            [types.GetGrainType(typeof(TrainingRunGrain))] = run,
            [types.GetGrainType(typeof(ParameterServerGrain))] = run,
            [types.GetGrainType(typeof(WorkerGrain))] = new WorkerPlacement(),
        };
    }

    /// <inheritdoc/>
    public bool TryResolvePlacementStrategy(
        GrainType grainType, GrainProperties? properties, [MaybeNullWhen(false)] out PlacementStrategy result) =>
        _strategies.TryGetValue(grainType, out result);
}
