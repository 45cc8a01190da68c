using Mnist.Grains.Grains;
using Orleans;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Mnist.Clustering.Placement;

/// <summary>A run and its parameter server on one silo, so that the loss of any other silo takes workers only.</summary>
/// <remarks>A server cannot end an epoch while the grain of its run is gone: a silo that died with that grain would hold up the run until
/// it is declared dead.</remarks>
[GenerateSerializer, Immutable, Alias("mnist.RunPlacement")]
internal sealed class RunPlacement : PlacementStrategy;

/// <summary>
/// Ranks the silos for each run by a hash of both (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998), which
/// all silos agree on without a word. The run and its first partition go to the first silo, the second partition to the second.
/// </summary>
internal sealed class RunPlacementDirector(GrainTypeResolver types) : IPlacementDirector
{
    private readonly GrainType _server = types.GetGrainType(typeof(ParameterServerGrain));

    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var (run, partition) = target.GrainIdentity.Type == _server ? GrainKeys.Parse(key) : (key, 0);
        return Task.FromResult(Place(run, partition, context.GetCompatibleSilos(target)));
    }

    /// <summary>The silo for a partition, and with the first one for the run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="partition">Index of the partition.</param>
    /// <param name="silos">Silos that can have it, at least one, in any order.</param>
    public static SiloAddress Place(string runId, int partition, IReadOnlyList<SiloAddress> silos) => silos
        .OrderBy(silo => StableHash.ComputeHash($"{runId}@{silo.ToParsableString()}"))
        .ThenBy(silo => silo)
        .ElementAt(partition % silos.Count);
}
