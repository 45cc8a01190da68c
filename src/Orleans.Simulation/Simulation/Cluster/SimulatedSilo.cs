using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>An activation of a grain.</summary>
/// <param name="Grain">The grain.</param>
/// <param name="Instance">The grain's object; null while it is not constructed.</param>
public readonly record struct SimulatedActivation(GrainId Grain, object? Instance);

/// <summary>One life of a silo of a <see cref="SimulatedCluster"/>, to look at.</summary>
public sealed class SimulatedSilo
{
    private readonly SiloNode _node;

    internal SimulatedSilo(SiloNode node) => _node = node;

    /// <summary>The silo's name.</summary>
    public string Name => _node.Name;

    /// <summary>The silo's address. A silo that starts again under the same name has a new one.</summary>
    public SiloAddress Address => _node.Address;

    /// <summary>What the cluster believes of the silo. One that has crashed stays active until it is declared dead.</summary>
    public SiloStatus Status => _node.Status;

    /// <summary>Whether the silo runs no longer, whatever the cluster believes.</summary>
    public bool IsGone => _node.IsGone;

    /// <summary>Whether the silo stands still.</summary>
    public bool IsPaused => _node.IsPaused;

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services => _node.Services;

    /// <summary>The grains that have an activation here, in the order of their identities; stateless workers are left out.</summary>
    public IReadOnlyList<GrainId> Grains =>
        _node.IsGone ? [] : [.. _node.Directory.Activations.Select(activation => activation.GrainId)];

    /// <summary>
    /// What is activated here, in the order of the grains' identities: from the first request until the end of the deactivation.
    /// Stateless workers are left out.
    /// </summary>
    public IReadOnlyList<SimulatedActivation> Activations => _node.IsGone
        ? []
        : [.. _node.Directory.Activations.Select(activation => new SimulatedActivation(activation.GrainId, activation.GrainInstance))];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Address}";

    internal SiloNode Node => _node;
}
