using System.Reflection;

namespace Mnist.Learning.Torch;

/// <summary>The packages that this build has, or lacks (docs/decisions/0006-torch.md).</summary>
internal static class TorchPackages
{
    /// <summary>What the build was asked for: <c>true</c>, <c>cuda</c>, or nothing.</summary>
    public static string Wanted { get; } = Read("TorchWanted");

    /// <summary>The package of libtorch and its version.</summary>
    public static string LibTorch { get; } = Read("LibTorch");

    /// <summary>The package of TorchSharp and its version.</summary>
    public static string TorchSharp { get; } = Read("TorchSharp");

    private static string Read(string key) =>
        typeof(TorchPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key).Value ?? "";
}
