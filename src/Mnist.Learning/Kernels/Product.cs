using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The microkernel of outputs and input gradients. Every element of C is one chain of fused multiply-adds over (segment, k)
/// in ascending order, whatever the number of rows and lanes.
/// </summary>
/// <remarks>
/// All sums of a tile stay in registers. Rows of A are addressed in threes from one pointer (p, p + row, p + 2 row), which
/// leaves enough general registers for sixteen rows. The rows are written out because the JIT does not unroll loops.
/// </remarks>
internal static unsafe class Product
{
    /// <summary>Rows that the kernel is written out for.</summary>
    private const int WrittenRows = 16;

    /// <summary>The most rows of a tile whose sums stay in registers.</summary>
    public static int MaxRows<TLanes>()
        where TLanes : struct, ILanes<TLanes> => Math.Min(WrittenRows, TLanes.MaxAccumulators);

    /// <summary>Cuts rows into tiles of nearly equal height: how many tiles.</summary>
    /// <param name="rows">Number of rows.</param>
    public static int Tiles<TLanes>(int rows)
        where TLanes : struct, ILanes<TLanes> => (rows + MaxRows<TLanes>() - 1) / MaxRows<TLanes>();

    /// <summary>Computes a tile.</summary>
    /// <param name="rows">Number of rows, 1 to <see cref="MaxRows{TLanes}"/>.</param>
    /// <param name="tile">Where the operands are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes>(int rows, ProductTile* tile)
        where TLanes : struct, ILanes<TLanes>
    {
        switch (rows)
        {
            case 1: Multiply<TLanes, Rows1>(tile); break;
            case 2: Multiply<TLanes, Rows2>(tile); break;
            case 3: Multiply<TLanes, Rows3>(tile); break;
            case 4: Multiply<TLanes, Rows4>(tile); break;
            case 5: Multiply<TLanes, Rows5>(tile); break;
            case 6: Multiply<TLanes, Rows6>(tile); break;
            case 7: Multiply<TLanes, Rows7>(tile); break;
            case 8: Multiply<TLanes, Rows8>(tile); break;
            case 9: Multiply<TLanes, Rows9>(tile); break;
            case 10: Multiply<TLanes, Rows10>(tile); break;
            case 11: Multiply<TLanes, Rows11>(tile); break;
            case 12: Multiply<TLanes, Rows12>(tile); break;
            case 13: Multiply<TLanes, Rows13>(tile); break;
            case 14: Multiply<TLanes, Rows14>(tile); break;
            case 15: Multiply<TLanes, Rows15>(tile); break;
            case 16: Multiply<TLanes, Rows16>(tile); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "not written out");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes, TRows>(ProductTile* tile)
        where TLanes : struct, ILanes<TLanes>
        where TRows : struct, IRowCount
    {
        var initial = tile->Initial;
        var row = tile->InitialRow;
        var c0 = TLanes.Load(initial);
        var c1 = TRows.Count > 1 ? TLanes.Load(initial + (1 * row)) : default;
        var c2 = TRows.Count > 2 ? TLanes.Load(initial + (2 * row)) : default;
        var c3 = TRows.Count > 3 ? TLanes.Load(initial + (3 * row)) : default;
        var c4 = TRows.Count > 4 ? TLanes.Load(initial + (4 * row)) : default;
        var c5 = TRows.Count > 5 ? TLanes.Load(initial + (5 * row)) : default;
        var c6 = TRows.Count > 6 ? TLanes.Load(initial + (6 * row)) : default;
        var c7 = TRows.Count > 7 ? TLanes.Load(initial + (7 * row)) : default;
        var c8 = TRows.Count > 8 ? TLanes.Load(initial + (8 * row)) : default;
        var c9 = TRows.Count > 9 ? TLanes.Load(initial + (9 * row)) : default;
        var c10 = TRows.Count > 10 ? TLanes.Load(initial + (10 * row)) : default;
        var c11 = TRows.Count > 11 ? TLanes.Load(initial + (11 * row)) : default;
        var c12 = TRows.Count > 12 ? TLanes.Load(initial + (12 * row)) : default;
        var c13 = TRows.Count > 13 ? TLanes.Load(initial + (13 * row)) : default;
        var c14 = TRows.Count > 14 ? TLanes.Load(initial + (14 * row)) : default;
        var c15 = TRows.Count > 15 ? TLanes.Load(initial + (15 * row)) : default;

        var a = tile->A;
        var b = tile->B;
        row = tile->ARow;
        var row2 = 2 * row;
        for (var segment = tile->Segments; segment > 0; segment--)
        {
            var a0 = a;
            var a3 = a0 + row + row2;
            var a6 = a3 + row + row2;
            var a9 = a6 + row + row2;
            var a12 = a9 + row + row2;
            var a15 = a12 + row + row2;
            var w = b;
            for (var k = tile->Run; k > 0; k--)
            {
                var lanes = TLanes.Load(w);
                w += TLanes.Count;
                TLanes.Accumulate(ref c0, TLanes.Broadcast(*a0), lanes);
                if (TRows.Count > 1) { TLanes.Accumulate(ref c1, TLanes.Broadcast(a0[row]), lanes); }
                if (TRows.Count > 2) { TLanes.Accumulate(ref c2, TLanes.Broadcast(a0[row2]), lanes); }
                if (TRows.Count > 3) { TLanes.Accumulate(ref c3, TLanes.Broadcast(*a3), lanes); }
                if (TRows.Count > 4) { TLanes.Accumulate(ref c4, TLanes.Broadcast(a3[row]), lanes); }
                if (TRows.Count > 5) { TLanes.Accumulate(ref c5, TLanes.Broadcast(a3[row2]), lanes); }
                if (TRows.Count > 6) { TLanes.Accumulate(ref c6, TLanes.Broadcast(*a6), lanes); }
                if (TRows.Count > 7) { TLanes.Accumulate(ref c7, TLanes.Broadcast(a6[row]), lanes); }
                if (TRows.Count > 8) { TLanes.Accumulate(ref c8, TLanes.Broadcast(a6[row2]), lanes); }
                if (TRows.Count > 9) { TLanes.Accumulate(ref c9, TLanes.Broadcast(*a9), lanes); }
                if (TRows.Count > 10) { TLanes.Accumulate(ref c10, TLanes.Broadcast(a9[row]), lanes); }
                if (TRows.Count > 11) { TLanes.Accumulate(ref c11, TLanes.Broadcast(a9[row2]), lanes); }
                if (TRows.Count > 12) { TLanes.Accumulate(ref c12, TLanes.Broadcast(*a12), lanes); }
                if (TRows.Count > 13) { TLanes.Accumulate(ref c13, TLanes.Broadcast(a12[row]), lanes); }
                if (TRows.Count > 14) { TLanes.Accumulate(ref c14, TLanes.Broadcast(a12[row2]), lanes); }
                if (TRows.Count > 15) { TLanes.Accumulate(ref c15, TLanes.Broadcast(*a15), lanes); }
                a0++;
                a3++;
                a6++;
                a9++;
                a12++;
                a15++;
            }

            a += tile->ASegment;
            b += tile->BSegment;
        }

        var c = tile->C;
        row = tile->CRow;
        TLanes.Store(c0, c);
        if (TRows.Count > 1) { TLanes.Store(c1, c + (1 * row)); }
        if (TRows.Count > 2) { TLanes.Store(c2, c + (2 * row)); }
        if (TRows.Count > 3) { TLanes.Store(c3, c + (3 * row)); }
        if (TRows.Count > 4) { TLanes.Store(c4, c + (4 * row)); }
        if (TRows.Count > 5) { TLanes.Store(c5, c + (5 * row)); }
        if (TRows.Count > 6) { TLanes.Store(c6, c + (6 * row)); }
        if (TRows.Count > 7) { TLanes.Store(c7, c + (7 * row)); }
        if (TRows.Count > 8) { TLanes.Store(c8, c + (8 * row)); }
        if (TRows.Count > 9) { TLanes.Store(c9, c + (9 * row)); }
        if (TRows.Count > 10) { TLanes.Store(c10, c + (10 * row)); }
        if (TRows.Count > 11) { TLanes.Store(c11, c + (11 * row)); }
        if (TRows.Count > 12) { TLanes.Store(c12, c + (12 * row)); }
        if (TRows.Count > 13) { TLanes.Store(c13, c + (13 * row)); }
        if (TRows.Count > 14) { TLanes.Store(c14, c + (14 * row)); }
        if (TRows.Count > 15) { TLanes.Store(c15, c + (15 * row)); }
    }
}
