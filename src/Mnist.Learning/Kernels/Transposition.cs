using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Mnist.Learning.Kernels;

/// <summary>Moves floats, whatever they are, so that other ones lie side by side.</summary>
internal static unsafe class Transposition
{
    /// <summary>Rows and columns of a square.</summary>
    public const int Size = 8;

    /// <summary>Writes a square of 8×8 floats with rows and columns exchanged.</summary>
    /// <param name="from">First row.</param>
    /// <param name="fromRow">Floats between its rows.</param>
    /// <param name="to">Receives the square; does not overlap the other.</param>
    /// <param name="toRow">Floats between its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Square(float* from, nint fromRow, float* to, nint toRow)
    {
        if (!Avx.IsSupported)
        {
            for (var row = 0; row < Size; row++)
            {
                for (var column = 0; column < Size; column++)
                {
                    to[(column * toRow) + row] = from[(row * fromRow) + column];
                }
            }

            return;
        }

        Half(from, fromRow, to, toRow);
        Half(from + 4, fromRow, to + (4 * toRow), toRow);
    }

    /// <summary>Writes the first of every two floats side by side.</summary>
    /// <param name="from">First of 15 floats; 16 may be read.</param>
    /// <param name="to">Receives eight floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EveryOther(float* from, float* to)
    {
        if (!Avx2.IsSupported)
        {
            for (var i = 0; i < Size; i++)
            {
                to[i] = from[2 * i];
            }

            return;
        }

        // Halves of a register are shuffled by themselves: 0, 2, 8, 10 and 4, 6, 12, 14.
        var pairs = Avx.Shuffle(Vector256.Load(from), Vector256.Load(from + 8), 0b10_00_10_00);
        Avx2.Permute4x64(pairs.AsDouble(), 0b11_01_10_00).AsSingle().Store(to);
    }

    /// <summary>Four columns of eight rows become four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(float* from, nint row, float* to, nint toRow)
    {
        var fifth = from + (4 * row);
        var row0 = Pair(from, fifth);
        var row1 = Pair(from + row, fifth + row);
        var row2 = Pair(from + (2 * row), fifth + (2 * row));
        var row3 = Pair(from + (3 * row), fifth + (3 * row));
        var low01 = Avx.UnpackLow(row0, row1).AsDouble();
        var high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        var low23 = Avx.UnpackLow(row2, row3).AsDouble();
        var high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        Avx.UnpackLow(low01, low23).AsSingle().Store(to);
        Avx.UnpackHigh(low01, low23).AsSingle().Store(to + toRow);
        Avx.UnpackLow(high01, high23).AsSingle().Store(to + (2 * toRow));
        Avx.UnpackHigh(high01, high23).AsSingle().Store(to + (3 * toRow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));
}
