using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The microkernel of weight gradients. Every element of C is one chain of fused multiply-adds over (sample, y, x) in
/// ascending order, whatever the number of rows and lanes and however the samples are cut into calls.
/// </summary>
internal static unsafe class OuterProduct
{
    /// <summary>Computes a tile.</summary>
    /// <param name="rows">Number of rows, 1 to <see cref="Product.MaxRows{TLanes}"/>.</param>
    /// <param name="tile">Where the operands are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate<TLanes>(int rows, OuterProductTile* tile)
        where TLanes : struct, ILanes<TLanes>
    {
        switch (rows)
        {
            case 1: Accumulate<TLanes, Rows1>(tile); break;
            case 2: Accumulate<TLanes, Rows2>(tile); break;
            case 3: Accumulate<TLanes, Rows3>(tile); break;
            case 4: Accumulate<TLanes, Rows4>(tile); break;
            case 5: Accumulate<TLanes, Rows5>(tile); break;
            case 6: Accumulate<TLanes, Rows6>(tile); break;
            case 7: Accumulate<TLanes, Rows7>(tile); break;
            case 8: Accumulate<TLanes, Rows8>(tile); break;
            case 9: Accumulate<TLanes, Rows9>(tile); break;
            case 10: Accumulate<TLanes, Rows10>(tile); break;
            case 11: Accumulate<TLanes, Rows11>(tile); break;
            case 12: Accumulate<TLanes, Rows12>(tile); break;
            case 13: Accumulate<TLanes, Rows13>(tile); break;
            case 14: Accumulate<TLanes, Rows14>(tile); break;
            case 15: Accumulate<TLanes, Rows15>(tile); break;
            case 16: Accumulate<TLanes, Rows16>(tile); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "not written out");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TLanes, TRows>(OuterProductTile* tile)
        where TLanes : struct, ILanes<TLanes>
        where TRows : struct, IRowCount
    {
        var c = tile->C;
        var row = tile->CRow;
        var resume = tile->Continue;
        var c0 = resume ? TLanes.Load(c) : TLanes.Zero;
        var c1 = TRows.Count > 1 && resume ? TLanes.Load(c + (1 * row)) : TLanes.Zero;
        var c2 = TRows.Count > 2 && resume ? TLanes.Load(c + (2 * row)) : TLanes.Zero;
        var c3 = TRows.Count > 3 && resume ? TLanes.Load(c + (3 * row)) : TLanes.Zero;
        var c4 = TRows.Count > 4 && resume ? TLanes.Load(c + (4 * row)) : TLanes.Zero;
        var c5 = TRows.Count > 5 && resume ? TLanes.Load(c + (5 * row)) : TLanes.Zero;
        var c6 = TRows.Count > 6 && resume ? TLanes.Load(c + (6 * row)) : TLanes.Zero;
        var c7 = TRows.Count > 7 && resume ? TLanes.Load(c + (7 * row)) : TLanes.Zero;
        var c8 = TRows.Count > 8 && resume ? TLanes.Load(c + (8 * row)) : TLanes.Zero;
        var c9 = TRows.Count > 9 && resume ? TLanes.Load(c + (9 * row)) : TLanes.Zero;
        var c10 = TRows.Count > 10 && resume ? TLanes.Load(c + (10 * row)) : TLanes.Zero;
        var c11 = TRows.Count > 11 && resume ? TLanes.Load(c + (11 * row)) : TLanes.Zero;
        var c12 = TRows.Count > 12 && resume ? TLanes.Load(c + (12 * row)) : TLanes.Zero;
        var c13 = TRows.Count > 13 && resume ? TLanes.Load(c + (13 * row)) : TLanes.Zero;
        var c14 = TRows.Count > 14 && resume ? TLanes.Load(c + (14 * row)) : TLanes.Zero;
        var c15 = TRows.Count > 15 && resume ? TLanes.Load(c + (15 * row)) : TLanes.Zero;

        for (var sample = 0; sample < tile->Samples; sample++)
        {
            for (var y = 0; y < tile->Height; y++)
            {
                var a = tile->A + (sample * tile->ASample) + (y * tile->ARow);
                var b = tile->B + (sample * tile->BSample) + (y * tile->BRow);
                var aPixel = tile->APixel;
                var bPixel = tile->BPixel;
                for (var x = tile->Width; x > 0; x--)
                {
                    var lanes = TLanes.Load(b);
                    TLanes.Accumulate(ref c0, TLanes.Broadcast(a[0]), lanes);
                    if (TRows.Count > 1) { TLanes.Accumulate(ref c1, TLanes.Broadcast(a[1]), lanes); }
                    if (TRows.Count > 2) { TLanes.Accumulate(ref c2, TLanes.Broadcast(a[2]), lanes); }
                    if (TRows.Count > 3) { TLanes.Accumulate(ref c3, TLanes.Broadcast(a[3]), lanes); }
                    if (TRows.Count > 4) { TLanes.Accumulate(ref c4, TLanes.Broadcast(a[4]), lanes); }
                    if (TRows.Count > 5) { TLanes.Accumulate(ref c5, TLanes.Broadcast(a[5]), lanes); }
                    if (TRows.Count > 6) { TLanes.Accumulate(ref c6, TLanes.Broadcast(a[6]), lanes); }
                    if (TRows.Count > 7) { TLanes.Accumulate(ref c7, TLanes.Broadcast(a[7]), lanes); }
                    if (TRows.Count > 8) { TLanes.Accumulate(ref c8, TLanes.Broadcast(a[8]), lanes); }
                    if (TRows.Count > 9) { TLanes.Accumulate(ref c9, TLanes.Broadcast(a[9]), lanes); }
                    if (TRows.Count > 10) { TLanes.Accumulate(ref c10, TLanes.Broadcast(a[10]), lanes); }
                    if (TRows.Count > 11) { TLanes.Accumulate(ref c11, TLanes.Broadcast(a[11]), lanes); }
                    if (TRows.Count > 12) { TLanes.Accumulate(ref c12, TLanes.Broadcast(a[12]), lanes); }
                    if (TRows.Count > 13) { TLanes.Accumulate(ref c13, TLanes.Broadcast(a[13]), lanes); }
                    if (TRows.Count > 14) { TLanes.Accumulate(ref c14, TLanes.Broadcast(a[14]), lanes); }
                    if (TRows.Count > 15) { TLanes.Accumulate(ref c15, TLanes.Broadcast(a[15]), lanes); }
                    a += aPixel;
                    b += bPixel;
                }
            }
        }

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
