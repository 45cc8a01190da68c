using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>The silos that a silo knows of.</summary>
internal interface IClusterView
{
    /// <summary>The status of each silo, in the order in which they joined.</summary>
    IReadOnlyList<(SiloAddress Address, SiloStatus Status)> Hosts { get; }

    /// <summary>The silos that are active.</summary>
    IReadOnlyList<Silo> Silos { get; }
}

/// <summary>The cluster of the embedded host: one silo.</summary>
internal sealed class SingleSiloView(Silo silo) : IClusterView
{
    public IReadOnlyList<(SiloAddress Address, SiloStatus Status)> Hosts => [(silo.Address, SiloStatus.Active)];

    public IReadOnlyList<Silo> Silos => [silo];
}

/// <summary>Tells the lives of one silo apart.</summary>
internal sealed record SiloGeneration(int Value);
