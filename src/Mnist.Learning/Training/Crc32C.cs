using System.Buffers.Binary;
using System.Numerics;

namespace Mnist.Learning.Training;

/// <summary>CRC-32C (Castagnoli, RFC 3720), initial value and final exclusive-or 0xFFFFFFFF. Of "123456789" it is 0xE3069283.</summary>
public static class Crc32C
{
    /// <summary>Checksum of bytes.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>Continues a checksum over several blocks: start with <see cref="uint.MaxValue"/>, and complement the last result.</summary>
    /// <param name="crc">Result of the block before.</param>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
