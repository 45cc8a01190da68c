using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnist.Learning.Training;

/// <summary>
/// CRC-32C by products of polynomials over GF(2), 64 bytes at a time (Gopal and others, "Fast CRC Computation for Generic Polynomials
/// Using PCLMULQDQ Instruction", Intel, 2009): a block is moved over the one that follows it and added to that, until one is left
/// whose checksum is that of all.
/// </summary>
internal static class Crc32CFolding
{
    /// <summary>Bytes of a block.</summary>
    public const int Block = Registers * RegisterBytes;

    private const int Registers = 4;
    private const int RegisterBytes = 64;
    private const int HalfBits = 32;

    // A product of reflected polynomials lies a bit too low, hence the shifts. What the halves of 16 bytes are worth differs by 64 bits.
    private static readonly Vector128<ulong> OverBlock = Vector128.Create(
        (ulong)PowerOfX((8 * Block) + HalfBits) << 1,
        (ulong)PowerOfX((8 * Block) - HalfBits) << 1);

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported => Pclmulqdq.V512.IsSupported;

    /// <summary>Folds whole blocks into one.</summary>
    /// <param name="crc">The checksum of what comes before them, not complemented.</param>
    /// <param name="blocks">One block at least.</param>
    /// <param name="folded">Receives a block whose checksum, begun at 0, is that of all.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fold(uint crc, ReadOnlySpan<ulong> blocks, Span<ulong> folded)
    {
        ref var word = ref MemoryMarshal.GetReference(blocks);
        var overBlock = Vector512.Create(Vector256.Create(OverBlock));
        var first = Load(ref word, 0) ^ Vector512.CreateScalar((ulong)crc);
        var (second, third, fourth) = (Load(ref word, 1), Load(ref word, 2), Load(ref word, 3));
        for (var left = blocks.Length - (Block / sizeof(ulong)); left > 0; left -= Block / sizeof(ulong))
        {
            word = ref Unsafe.Add(ref word, Block / sizeof(ulong));
            first = Move(first, overBlock) ^ Load(ref word, 0);
            second = Move(second, overBlock) ^ Load(ref word, 1);
            third = Move(third, overBlock) ^ Load(ref word, 2);
            fourth = Move(fourth, overBlock) ^ Load(ref word, 3);
        }

        first.CopyTo(folded);
        second.CopyTo(folded[Vector512<ulong>.Count..]);
        third.CopyTo(folded[(2 * Vector512<ulong>.Count)..]);
        fourth.CopyTo(folded[(3 * Vector512<ulong>.Count)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Load(ref ulong word, int register) =>
        Vector512.LoadUnsafe(ref word, (nuint)(register * Vector512<ulong>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Move(Vector512<ulong> register, Vector512<ulong> by) =>
        Pclmulqdq.V512.CarrylessMultiply(register, by, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(register, by, 0x11);

    /// <summary>x to a power, modulo the checksum's polynomial: the checksum of 1 followed by zeros.</summary>
    private static uint PowerOfX(int bits)
    {
        var power = 1u << 31;
        for (var i = 0; i < bits / 8; i++)
        {
            power = BitOperations.Crc32C(power, (byte)0);
        }

        return power;
    }
}
