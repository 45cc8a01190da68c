namespace Orleans.Simulation;

/// <summary>FNV-1a: unlike the framework's string hashes it is the same in every process.</summary>
internal static class StableHashing
{
    public static int Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return unchecked((int)hash);
    }
}
