using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Mnist.Learning.Kernels;

namespace Mnist.Benchmarks.Kernels;

/// <summary>The most fused multiply-adds that a core does: chains in registers that wait for nothing but each other's units.</summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int Rounds = 20_000;

    /// <summary>Measures for about half a millisecond in each kind of registers that there are.</summary>
    /// <returns>GFLOP/s in the better ones; a fused multiply-add is two.</returns>
    public static double Measure()
    {
        var best = Measure<Lanes2x128>();
        best = Vector256.IsHardwareAccelerated ? Math.Max(best, Measure<Lanes1x256>()) : best;
        return Vector512.IsHardwareAccelerated ? Math.Max(best, Measure<Lanes1x512>()) : best;
    }

    private static unsafe double Measure<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        var sums = stackalloc float[TLanes.Count];
        var begun = Stopwatch.GetTimestamp();
        Run<TLanes>(sums);
        return 2e-9 * Chains * Rounds * TLanes.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    // Twelve chains hide a latency of four cycles on two units, and fit in sixteen registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Run<TLanes>(float* sums)
        where TLanes : struct, ILanes<TLanes>
    {
        var (a, b) = (TLanes.Broadcast(0.999f), TLanes.Broadcast(0.001f));
        var (c0, c1, c2, c3, c4, c5) = (a, a, a, a, a, a);
        var (c6, c7, c8, c9, c10, c11) = (b, b, b, b, b, b);
        for (var i = 0; i < Rounds; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, a, b);
            c1 = TLanes.MultiplyAdd(c1, a, b);
            c2 = TLanes.MultiplyAdd(c2, a, b);
            c3 = TLanes.MultiplyAdd(c3, a, b);
            c4 = TLanes.MultiplyAdd(c4, a, b);
            c5 = TLanes.MultiplyAdd(c5, a, b);
            c6 = TLanes.MultiplyAdd(c6, a, b);
            c7 = TLanes.MultiplyAdd(c7, a, b);
            c8 = TLanes.MultiplyAdd(c8, a, b);
            c9 = TLanes.MultiplyAdd(c9, a, b);
            c10 = TLanes.MultiplyAdd(c10, a, b);
            c11 = TLanes.MultiplyAdd(c11, a, b);
        }

        var first = TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(TLanes.Add(c2, c3), TLanes.Add(c4, c5)));
        var second = TLanes.Add(TLanes.Add(c6, c7), TLanes.Add(TLanes.Add(c8, c9), TLanes.Add(c10, c11)));
        TLanes.Store(TLanes.Add(first, second), sums);
    }
}
