using System.Buffers.Binary;

namespace Mnist.Coordinator.Training;

/// <summary>Numbers as grains hand them over.</summary>
internal static class FloatBytes
{
    /// <summary>Reads little-endian float32.</summary>
    public static float[] Read(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }
}
