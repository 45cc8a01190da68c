using System.Buffers.Binary;
using System.Numerics;

namespace Mnist.Learning.Training;

/// <summary>CRC-32C (Castagnoli, RFC 3720), initial value and final exclusive-or 0xFFFFFFFF. Of "123456789" it is 0xE3069283.</summary>
/// <remarks>
/// The processor's instruction has a latency of three cycles and could begin once a cycle. Long inputs are therefore cut into thirds of
/// a fixed length, whose checksums are computed side by side and joined: appending zeros is linear, hence four table look-ups.
/// </remarks>
public static class Crc32C
{
    private const int ThirdLength = 1024;
    private static readonly uint[] AppendThird = CreateShiftTable();

    /// <summary>Checksum of bytes.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>Continues a checksum over several blocks: start with <see cref="uint.MaxValue"/>, and complement the last result.</summary>
    /// <param name="crc">Result of the block before.</param>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 3 * ThirdLength; bytes = bytes[(3 * ThirdLength)..])
        {
            var (first, second, third) = (crc, 0u, 0u);
            var left = bytes[..ThirdLength];
            var middle = bytes.Slice(ThirdLength, ThirdLength);
            var right = bytes.Slice(2 * ThirdLength, ThirdLength);
            for (var i = 0; i < ThirdLength; i += sizeof(ulong))
            {
                first = BitOperations.Crc32C(first, BinaryPrimitives.ReadUInt64LittleEndian(left[i..]));
                second = BitOperations.Crc32C(second, BinaryPrimitives.ReadUInt64LittleEndian(middle[i..]));
                third = BitOperations.Crc32C(third, BinaryPrimitives.ReadUInt64LittleEndian(right[i..]));
            }

            crc = Shift(Shift(first) ^ second) ^ third;
        }

        return AppendInTurn(crc, bytes);
    }

    private static uint AppendInTurn(uint crc, ReadOnlySpan<byte> bytes)
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

    /// <summary>The checksum after a third of zeros.</summary>
    private static uint Shift(uint crc) =>
        AppendThird[(byte)crc]
        ^ AppendThird[256 + (byte)(crc >> 8)]
        ^ AppendThird[512 + (byte)(crc >> 16)]
        ^ AppendThird[768 + (crc >> 24)];

    /// <summary>For each byte of a checksum and each of its values, what a third of zeros makes of it.</summary>
    private static uint[] CreateShiftTable()
    {
        var zeros = new byte[ThirdLength];
        var table = new uint[4 * 256];
        for (var bit = 0; bit < 32; bit++)
        {
            var shifted = AppendInTurn(1u << bit, zeros);
            var block = table.AsSpan(bit / 8 * 256, 256);
            for (var value = 0; value < block.Length; value++)
            {
                block[value] ^= ((value >> (bit % 8)) & 1) == 1 ? shifted : 0;
            }
        }

        return table;
    }
}
