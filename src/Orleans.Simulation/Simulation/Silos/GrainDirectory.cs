using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Knows which activation each grain has, of those grains that have one at most, as one silo sees it.</summary>
internal interface IActivationDirectory
{
    /// <summary>The grain's activation on this silo, if it has one there.</summary>
    Activation? Find(GrainId grain);

    /// <summary>Registers an activation of this silo unless the grain has one.</summary>
    /// <returns>The grain's activation, which may be another silo's.</returns>
    Activation Register(Activation activation);

    void Unregister(Activation activation);
}

/// <summary>The directory of the only silo there is: the embedded host.</summary>
internal sealed class GrainDirectory : IActivationDirectory
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public Activation? Find(GrainId grain) => _activations.GetValueOrDefault(grain);

    public Activation Register(Activation activation) => _activations.GetOrAdd(activation.GrainId, activation);

    public void Unregister(Activation activation) => _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
}
