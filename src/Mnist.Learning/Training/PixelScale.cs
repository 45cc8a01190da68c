using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnist.Learning.Training;

/// <summary>
/// From stored pixels to what the networks read: (x / 255 − 0.1307) / 0.3081, mean and standard deviation of MNIST's
/// training pixels, as in PyTorch's MNIST example.
/// </summary>
public static class PixelScale
{
    /// <summary>Mean of the pixels, on a scale of 0 to 1.</summary>
    public const float Mean = 0.1307f;

    /// <summary>Standard deviation of the pixels, on a scale of 0 to 1.</summary>
    public const float Deviation = 0.3081f;

    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(x => ((x / 255f) - Mean) / Deviation)];

    /// <summary>Normalizes pixels.</summary>
    /// <param name="pixels">Stored pixels, 0 is paper and 255 is ink.</param>
    /// <param name="normalized">Receives as many normalized pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(ReadOnlySpan<byte> pixels, Span<float> normalized)
    {
        ref var table = ref MemoryMarshal.GetArrayDataReference(Table);
        normalized = normalized[..pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            // A byte is always within the table.
            normalized[i] = Unsafe.Add(ref table, pixels[i]);
        }
    }
}
