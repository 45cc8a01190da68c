using System.Buffers.Binary;
using System.Numerics;

namespace Mnist.Learning.Training;

/// <summary>CRC-32C (Castagnoli, RFC 3720), initial value and final exclusive-or 0xFFFFFFFF. Of "123456789" it is 0xE3069283.</summary>
public static class Crc32C
{
    /// <summary>Checksum of bytes.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
