using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The products of minimal filtering: many short chains. All tiles of a point are multiplied in one call, and sums start from a register
/// of zeros, so that little remains beside the products of chains as short as eight.
/// </summary>
internal static unsafe class WinogradProduct
{
    /// <summary>C[row, lane] = Σ A[row, k] · B[k, lane], one chain of fused multiply-adds over k from +0.</summary>
    /// <param name="rows">
    /// Rows of A; they are computed in groups, and the last one reads and writes whole groups: both have room for a multiple of 12 rows.
    /// </param>
    /// <param name="a">(rows, inner).</param>
    /// <param name="inner">Terms of a sum.</param>
    /// <param name="b">(inner, lanes).</param>
    /// <param name="c">Receives (rows, lanes).</param>
    /// <param name="stride">Floats between rows of C.</param>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes>(int rows, float* a, int inner, float* b, float* c, int stride)
        where TLanes : struct, ILanes<TLanes>
    {
        if (TLanes.MaxAccumulators >= 12)
        {
            Multiply<TLanes, Rows12>(rows, a, inner, b, c, stride);
        }
        else
        {
            Multiply<TLanes, Rows6>(rows, a, inner, b, c, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TLanes, TGroup>(int rows, float* a, nint inner, float* b, float* c, nint stride)
        where TLanes : struct, ILanes<TLanes>
        where TGroup : struct, IRowCount
    {
        var inner2 = 2 * inner;
        for (var row = 0; row < rows; row += TGroup.Count)
        {
            TLanes c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            TLanes c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
            var a0 = a;
            var a3 = a0 + inner + inner2;
            var a6 = a3 + inner + inner2;
            var a9 = a6 + inner + inner2;
            var w = b;
            for (var k = inner; k > 0; k--)
            {
                var lanes = TLanes.Load(w);
                w += TLanes.Count;
                TLanes.Accumulate(ref c0, TLanes.Broadcast(*a0), lanes);
                TLanes.Accumulate(ref c1, TLanes.Broadcast(a0[inner]), lanes);
                TLanes.Accumulate(ref c2, TLanes.Broadcast(a0[inner2]), lanes);
                TLanes.Accumulate(ref c3, TLanes.Broadcast(*a3), lanes);
                TLanes.Accumulate(ref c4, TLanes.Broadcast(a3[inner]), lanes);
                TLanes.Accumulate(ref c5, TLanes.Broadcast(a3[inner2]), lanes);
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c6, TLanes.Broadcast(*a6), lanes); }
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c7, TLanes.Broadcast(a6[inner]), lanes); }
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c8, TLanes.Broadcast(a6[inner2]), lanes); }
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c9, TLanes.Broadcast(*a9), lanes); }
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c10, TLanes.Broadcast(a9[inner]), lanes); }
                if (TGroup.Count > 6) { TLanes.Accumulate(ref c11, TLanes.Broadcast(a9[inner2]), lanes); }
                a0++;
                a3++;
                a6++;
                a9++;
            }

            Store3(c0, c1, c2, c, stride);
            Store3(c3, c4, c5, c + (3 * stride), stride);
            if (TGroup.Count > 6)
            {
                Store3(c6, c7, c8, c + (6 * stride), stride);
                Store3(c9, c10, c11, c + (9 * stride), stride);
            }

            a += TGroup.Count * inner;
            c += TGroup.Count * stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store3<TLanes>(TLanes c0, TLanes c1, TLanes c2, float* c, nint stride)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes.Store(c0, c);
        TLanes.Store(c1, c + stride);
        TLanes.Store(c2, c + (2 * stride));
    }
}
