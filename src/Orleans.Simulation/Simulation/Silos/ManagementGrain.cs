using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Tells about the only silo there is.</summary>
internal sealed class ManagementGrain(Silo silo) : Grain, IManagementGrain
{
    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(new Dictionary<SiloAddress, SiloStatus> { [silo.Address] = SiloStatus.Active });

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() =>
        Task.FromResult<SimpleGrainStatistic[]>(
        [
            .. silo.Catalog.All.CountBy(activation => activation.Class.Type).OrderBy(pair => pair.Key.FullName, StringComparer.Ordinal)
                .Select(pair => new SimpleGrainStatistic
                {
                    GrainType = $"{pair.Key.FullName},{pair.Key.Assembly.GetName().Name}",
                    SiloAddress = silo.Address,
                    ActivationCount = pair.Value,
                }),
        ]);

    public Task<int> GetTotalActivationCount() => Task.FromResult(silo.Catalog.All.Count);

    public Task ForceActivationCollection(TimeSpan ageLimit)
    {
        silo.Catalog.Collect(ageLimit);
        return Task.CompletedTask;
    }
}
