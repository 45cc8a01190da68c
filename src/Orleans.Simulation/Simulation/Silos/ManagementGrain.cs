using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Tells about the silos of the cluster.</summary>
internal sealed class ManagementGrain(IClusterView cluster) : Grain, IManagementGrain
{
    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(
            cluster.Hosts.Where(host => !onlyActive || host.Status == SiloStatus.Active)
                .ToDictionary(host => host.Address, host => host.Status));

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() =>
        Task.FromResult<SimpleGrainStatistic[]>([.. cluster.Silos.SelectMany(Statistics)]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(cluster.Silos.Sum(silo => silo.Catalog.All.Count));

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        foreach (var silo in cluster.Silos)
        {
            silo.Catalog.Collect(ageLimit);
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<SimpleGrainStatistic> Statistics(Silo silo) =>
        silo.Catalog.All.CountBy(activation => activation.Class.Type).OrderBy(pair => pair.Key.FullName, StringComparer.Ordinal)
            .Select(pair => new SimpleGrainStatistic
            {
                GrainType = $"{pair.Key.FullName},{pair.Key.Assembly.GetName().Name}",
                SiloAddress = silo.Address,
                ActivationCount = pair.Value,
            });
}
