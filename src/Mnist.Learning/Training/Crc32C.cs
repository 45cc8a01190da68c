using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mnist.Learning.Training;

/// <summary>CRC-32C (Castagnoli, RFC 3720), initial value and final exclusive-or 0xFFFFFFFF. Of "123456789" it is 0xE3069283.</summary>
/// <remarks>
/// The instruction takes three cycles, and one can begin at each of them: three lanes side by side are three times as fast as one. A lane
/// other than the first starts from 0; since a checksum is linear, what came before it is added by a table of how a lane's
/// length of zeros moves each byte of it. Where the processor multiplies polynomials in wide registers, that is faster still
/// (<see cref="Crc32CFolding"/>).
/// </remarks>
public static class Crc32C
{
    private const int Lanes = 3;
    private const int LaneWords = 512;
    private const int Bytes = sizeof(uint);
    private const int Values = 256;

    // (byte of the checksum, value): the checksum that it is after a lane of zeros.
    private static readonly uint[] AfterLane = CreateTable();

    /// <summary>Checksum of bytes.</summary>
    /// <param name="bytes">Any number of bytes.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(uint.MaxValue, bytes);

    /// <summary>Continues a checksum over several blocks: start with <see cref="uint.MaxValue"/>, and complement the last result.</summary>
    /// <param name="crc">Result of the block before.</param>
    /// <param name="bytes">Any number of bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var folded = Crc32CFolding.IsSupported ? bytes.Length - (bytes.Length % Crc32CFolding.Block) : 0;
        if (folded > 0)
        {
            crc = AppendBlocks(crc, MemoryMarshal.Cast<byte, ulong>(bytes[..folded]));
        }

        return AppendInLanes(crc, bytes[folded..]);
    }

    /// <summary>The same without products of polynomials, for processors that have none.</summary>
    /// <param name="crc">Result of the block before.</param>
    /// <param name="bytes">Any number of bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static uint AppendInLanes(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var rest = bytes[(words.Length * sizeof(ulong))..];
        for (; words.Length >= Lanes * LaneWords; words = words[(Lanes * LaneWords)..])
        {
            crc = AppendLanes(crc, words);
        }

        crc = AppendWords(crc, words);
        foreach (var value in rest)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint AppendBlocks(uint crc, ReadOnlySpan<ulong> blocks)
    {
        Span<ulong> folded = stackalloc ulong[Crc32CFolding.Block / sizeof(ulong)];
        Crc32CFolding.Fold(crc, blocks, folded);
        return AppendWords(0, folded);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint AppendLanes(uint crc, ReadOnlySpan<ulong> words)
    {
        var (second, third) = (0u, 0u);
        ref var word = ref MemoryMarshal.GetReference(words);
        for (var i = 0; i < LaneWords; i++)
        {
            crc = BitOperations.Crc32C(crc, LittleEndian(Unsafe.Add(ref word, i)));
            second = BitOperations.Crc32C(second, LittleEndian(Unsafe.Add(ref word, LaneWords + i)));
            third = BitOperations.Crc32C(third, LittleEndian(Unsafe.Add(ref word, (2 * LaneWords) + i)));
        }

        return SkipLane(SkipLane(crc) ^ second) ^ third;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint AppendWords(uint crc, ReadOnlySpan<ulong> words)
    {
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, LittleEndian(word));
        }

        return crc;
    }

    private static ulong LittleEndian(ulong word) =>
        BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);

    private static uint SkipLane(uint crc)
    {
        var table = AfterLane;
        return table[crc & 0xFF]
            ^ table[Values + ((crc >> 8) & 0xFF)]
            ^ table[(2 * Values) + ((crc >> 16) & 0xFF)]
            ^ table[(3 * Values) + (crc >> 24)];
    }

    private static uint[] CreateTable()
    {
        var table = new uint[Bytes * Values];
        var zeros = new ulong[LaneWords];
        for (var bit = 0; bit < 8 * Bytes; bit++)
        {
            var moved = AppendWords(1u << bit, zeros);
            for (var value = 0; value < Values; value++)
            {
                table[(bit / 8 * Values) + value] ^= ((value >> (bit % 8)) & 1) == 0 ? 0 : moved;
            }
        }

        return table;
    }
}
