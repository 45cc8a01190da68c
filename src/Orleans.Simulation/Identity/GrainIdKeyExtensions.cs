using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Makes and reads integer and GUID keys. The text forms are those of Orleans: hexadecimal, and 32 digits.</summary>
public static class GrainIdKeyExtensions
{
    /// <summary>Encodes an integer.</summary>
    /// <param name="key">The integer.</param>
    /// <returns>The key.</returns>
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    /// <summary>Encodes a GUID.</summary>
    /// <param name="key">The GUID.</param>
    /// <returns>The key.</returns>
    public static IdSpan CreateGuidKey(Guid key) => IdSpan.Create(key.ToString("N"));

    /// <summary>Reads an integer key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <returns>The integer.</returns>
    /// <exception cref="ArgumentException">The key is no integer.</exception>
    public static long GetIntegerKey(this GrainId grainId) =>
        TryGetIntegerKey(grainId, out long key)
            ? key
            : throw new ArgumentException($"The key of {grainId} is no integer.", nameof(grainId));

    /// <summary>Reads a GUID key.</summary>
    /// <param name="grainId">The grain.</param>
    /// <returns>The GUID.</returns>
    /// <exception cref="ArgumentException">The key is no GUID.</exception>
    public static Guid GetGuidKey(this GrainId grainId) =>
        TryGetGuidKey(grainId, out var key)
            ? key
            : throw new ArgumentException($"The key of {grainId} is no GUID.", nameof(grainId));

    internal static bool TryGetIntegerKey(GrainId grainId, out long key) =>
        long.TryParse(grainId.Key.AsSpan(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);

    internal static bool TryGetGuidKey(GrainId grainId, out Guid key) => Guid.TryParseExact(grainId.Key.ToString(), "N", out key);
}
