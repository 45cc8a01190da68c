namespace Mnist.Learning.Engines;

/// <summary>What computes gradients, by name.</summary>
public static class EngineNames
{
    /// <summary><see cref="SimdGradientEngine"/>: the same bits on every CPU.</summary>
    public const string Simd = "simd";

    /// <summary>libtorch, on a CPU or a graphics processor: nearly the same numbers.</summary>
    public const string Torch = "torch";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Simd, Torch];
}

/// <summary>Where the engine <see cref="EngineNames.Torch"/> computes, by name.</summary>
public static class TorchDevices
{
    /// <summary>On the CPU.</summary>
    public const string Cpu = "cpu";

    /// <summary>On an NVIDIA graphics processor, the first one that is visible to the process.</summary>
    public const string Cuda = "cuda";

    /// <summary>All of them, the default first.</summary>
    public static IReadOnlyList<string> All { get; } = [Cpu, Cuda];
}
