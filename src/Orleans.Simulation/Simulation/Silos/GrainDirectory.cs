using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Knows which activation each grain has.</summary>
internal sealed class GrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    /// <summary>All activations, in the order of their grains' identities.</summary>
    public IReadOnlyList<Activation> All =>
        [.. _activations.Values.OrderBy(activation => activation.GrainId).ThenBy(activation => activation.ActivationId.ToString(), StringComparer.Ordinal)];

    public Activation? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    /// <summary>Registers an activation unless the grain has one.</summary>
    /// <returns>The grain's activation.</returns>
    public Activation Register(Activation activation) => _activations.GetOrAdd(activation.GrainId, activation);

    public void Unregister(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
}
