using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Engines;

/// <summary>Makes <see cref="SimdGradientEngine"/>s.</summary>
public sealed class SimdGradientEngineFactory : IGradientEngineFactory
{
    /// <inheritdoc/>
    public string Name => EngineNames.Simd;

    /// <inheritdoc/>
    public IGradientEngine Create(NetworkDefinition network, int batchCapacity) => new SimdGradientEngine(network, batchCapacity);
}
