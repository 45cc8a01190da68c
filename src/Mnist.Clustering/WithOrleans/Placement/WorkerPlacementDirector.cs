using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Mnist.Clustering.Placement;

/// <summary>
/// Places a worker on the silo with the most free worker slots. Where there are none it is placed anywhere, is refused there, and
/// is placed again when the run calls it again: so it starts as soon as a silo joins or another run ends.
/// </summary>
internal sealed class WorkerPlacementDirector(WorkerSlotClient slots) : IPlacementDirector
{
    /// <inheritdoc/>
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        var free = await Task.WhenAll(silos.Select(slots.CountFreeAsync));
        var worker = target.GrainIdentity.Key.ToString()!;
        var candidates = silos.Zip(free).Where(pair => pair.Second > 0).OrderByDescending(pair => pair.Second).ThenBy(pair => pair.First);
        foreach (var (silo, _) in candidates)
        {
            if (await slots.TryReserveAsync(silo, worker))
            {
                return silo;
            }
        }

        return silos.Contains(context.LocalSilo) ? context.LocalSilo : silos[0];
    }
}
