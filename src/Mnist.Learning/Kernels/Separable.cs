using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// A small matrix that is applied to a column of vectors: every result is the sum of coefficient · vector over the coefficients
/// other than 0, from left to right, in operations of their own.
/// </summary>
internal unsafe interface ILinearMap
{
    /// <summary>Columns of the matrix.</summary>
    static abstract int Inputs { get; }

    /// <summary>Rows of the matrix.</summary>
    static abstract int Outputs { get; }

    /// <summary>Applies it.</summary>
    /// <param name="from">The first of <see cref="Inputs"/> vectors.</param>
    /// <param name="fromStride">Floats between them.</param>
    /// <param name="to">The first of <see cref="Outputs"/> vectors; does not overlap the others.</param>
    /// <param name="toStride">Floats between them.</param>
    static abstract void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Applies a matrix to both axes of a small square of vectors, first along y, then along x.</summary>
internal static unsafe class Separable
{
    /// <summary>Floats that the scratch of <see cref="Apply"/> needs.</summary>
    public const int ScratchLength = 5 * 5 * 16;

    /// <summary>Applies the matrix.</summary>
    /// <param name="from">(y, x, lanes).</param>
    /// <param name="fromY">Floats between rows.</param>
    /// <param name="fromX">Floats between columns.</param>
    /// <param name="to">Receives (y, x, lanes).</param>
    /// <param name="toY">Floats between rows.</param>
    /// <param name="toX">Floats between columns.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TMap, TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TMap : struct, ILinearMap
        where TLanes : struct, ILanes<TLanes>
    {
        for (var x = 0; x < TMap.Inputs; x++)
        {
            TMap.Apply<TLanes>(from + (x * fromX), fromY, scratch + (x * TLanes.Count), TMap.Inputs * TLanes.Count);
        }

        for (var y = 0; y < TMap.Outputs; y++)
        {
            TMap.Apply<TLanes>(scratch + (y * TMap.Inputs * TLanes.Count), TLanes.Count, to + (y * toY), toX);
        }
    }
}
