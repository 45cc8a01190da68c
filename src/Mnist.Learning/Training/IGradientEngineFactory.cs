using Mnist.Learning.Models;

namespace Mnist.Learning.Training;

/// <summary>Makes gradient engines of one kind. May be called by several threads at a time.</summary>
public interface IGradientEngineFactory
{
    /// <summary>What the engines compute with, as results name it: <c>simd</c>, <c>torch (cpu)</c>.</summary>
    string Name { get; }

    /// <summary>Makes an engine.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchCapacity">The most samples in one call, at least 1.</param>
    IGradientEngine Create(NetworkDefinition network, int batchCapacity);
}
