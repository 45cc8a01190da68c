namespace Mnist.Grains.Grains;

/// <summary>Names of the grain storages that the grains use.</summary>
public static class StorageNames
{
    /// <summary>State of runs.</summary>
    public const string Runs = "runs";

    /// <summary>Checkpoints of parameter servers.</summary>
    public const string Checkpoints = "checkpoints";
}
