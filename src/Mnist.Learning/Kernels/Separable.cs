using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// A small matrix that is applied to a column of vectors: every result is the sum of coefficient · vector over the coefficients
/// other than 0, from left to right, in operations of their own.
/// </summary>
internal interface ILinearMap
{
    /// <summary>Columns of the matrix, up to 5.</summary>
    static abstract int Inputs { get; }

    /// <summary>Rows of the matrix, up to 5.</summary>
    static abstract int Outputs { get; }

    /// <summary>Applies it to the first <see cref="Inputs"/> vectors; results after the first <see cref="Outputs"/> mean nothing.</summary>
    static abstract void Apply<TLanes>(
        TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
        out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>Applies a matrix to both axes of a small square of vectors, first along y, then along x.</summary>
/// <typeparam name="TMap">The matrix.</typeparam>
/// <typeparam name="TLanes">A vector.</typeparam>
internal static unsafe class Separable<TMap, TLanes>
    where TMap : struct, ILinearMap
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Applies the matrix.</summary>
    /// <param name="from">(y, x, lanes).</param>
    /// <param name="fromY">Floats between rows.</param>
    /// <param name="fromX">Floats between columns.</param>
    /// <param name="to">Receives (y, x, lanes).</param>
    /// <param name="toY">Floats between rows.</param>
    /// <param name="toX">Floats between columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
    {
        if (TMap.Inputs == 5 && TMap.Outputs == 5)
        {
            ApplyThroughMemory(from, fromY, fromX, to, toY, toX);
            return;
        }

        Column(0, from, fromY, out var c00, out var c10, out var c20, out var c30, out var c40);
        Column(1, from + fromX, fromY, out var c01, out var c11, out var c21, out var c31, out var c41);
        Column(2, from + (2 * fromX), fromY, out var c02, out var c12, out var c22, out var c32, out var c42);
        Column(3, from + (3 * fromX), fromY, out var c03, out var c13, out var c23, out var c33, out var c43);
        Column(4, from + (4 * fromX), fromY, out var c04, out var c14, out var c24, out var c34, out var c44);
        Row(0, c00, c01, c02, c03, c04, to, toX);
        Row(1, c10, c11, c12, c13, c14, to + toY, toX);
        Row(2, c20, c21, c22, c23, c24, to + (2 * toY), toX);
        Row(3, c30, c31, c32, c33, c34, to + (3 * toY), toX);
        Row(4, c40, c41, c42, c43, c44, to + (4 * toY), toX);
    }

    /// <summary>25 vectors would leave too few registers to compute with, and are more code than the JIT inlines into one method.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void ApplyThroughMemory(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
    {
        var memory = stackalloc float[(25 * TLanes.Count) + AlignedBuffer.Line];
        var between = AlignedBuffer.Align(memory);
        for (var x = 0; x < TMap.Inputs; x++)
        {
            Column(x, from + (x * fromX), fromY, out var y0, out var y1, out var y2, out var y3, out var y4);
            var column = between + (x * TLanes.Count);
            TLanes.Store(y0, column);
            TLanes.Store(y1, column + (5 * TLanes.Count));
            TLanes.Store(y2, column + (10 * TLanes.Count));
            TLanes.Store(y3, column + (15 * TLanes.Count));
            TLanes.Store(y4, column + (20 * TLanes.Count));
        }

        for (var y = 0; y < TMap.Outputs; y++)
        {
            var row = between + (y * 5 * TLanes.Count);
            Row(
                y,
                TLanes.Load(row),
                TLanes.Load(row + TLanes.Count),
                TLanes.Load(row + (2 * TLanes.Count)),
                TLanes.Load(row + (3 * TLanes.Count)),
                TLanes.Load(row + (4 * TLanes.Count)),
                to + (y * toY),
                toX);
        }
    }

    /// <summary>Reads a column and applies the matrix to it, if there is such a one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(
        int x, float* from, nint step, out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
    {
        if (x >= TMap.Inputs)
        {
            y0 = y1 = y2 = y3 = y4 = default;
            return;
        }

        TMap.Apply(
            TLanes.Load(from),
            TMap.Inputs > 1 ? TLanes.Load(from + step) : default,
            TMap.Inputs > 2 ? TLanes.Load(from + (2 * step)) : default,
            TMap.Inputs > 3 ? TLanes.Load(from + (3 * step)) : default,
            TMap.Inputs > 4 ? TLanes.Load(from + (4 * step)) : default,
            out y0, out y1, out y2, out y3, out y4);
    }

    /// <summary>Applies the matrix to a row and writes it, if there is such a one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(int y, TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4, float* to, nint step)
    {
        if (y >= TMap.Outputs)
        {
            return;
        }

        TMap.Apply(x0, x1, x2, x3, x4, out var y0, out var y1, out var y2, out var y3, out var y4);
        TLanes.Store(y0, to);
        if (TMap.Outputs > 1) { TLanes.Store(y1, to + step); }
        if (TMap.Outputs > 2) { TLanes.Store(y2, to + (2 * step)); }
        if (TMap.Outputs > 3) { TLanes.Store(y3, to + (3 * step)); }
        if (TMap.Outputs > 4) { TLanes.Store(y4, to + (4 * step)); }
    }
}
