using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Knows which activation each grain has, of those grains that have one at most.</summary>
internal sealed class GrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public Activation? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    /// <summary>Registers an activation unless the grain has one.</summary>
    /// <returns>The grain's activation.</returns>
    public Activation Register(Activation activation) => _activations.GetOrAdd(activation.GrainId, activation);

    public void Unregister(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
}
