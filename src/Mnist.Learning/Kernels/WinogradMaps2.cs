using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The matrices of Winograd's F(2×2, 3×3), from the points 0, 1, −1 and ∞; the gradients' are their transposes:
/// <code>
/// Bᵀ =  1  0 −1  0    Aᵀ =  1  1  1  0    G =  1  0  0
///       0  1  1  0          0  1 −1  1         ½  ½  ½
///       0 −1  1  0                             ½ −½  ½
///       0 −1  0  1                             0  0  1
/// </code>
/// </summary>
internal static unsafe class WinogradMaps2
{
    /// <summary>Bᵀ, from inputs to points.</summary>
    public readonly struct Input : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var x0 = TLanes.Load(from);
            var x1 = TLanes.Load(from + fromStride);
            var x2 = TLanes.Load(from + (2 * fromStride));
            var x3 = TLanes.Load(from + (3 * fromStride));
            TLanes.Store(TLanes.Subtract(x0, x2), to);
            TLanes.Store(TLanes.Add(x1, x2), to + toStride);
            TLanes.Store(TLanes.Subtract(x2, x1), to + (2 * toStride));
            TLanes.Store(TLanes.Subtract(x3, x1), to + (3 * toStride));
        }
    }

    /// <summary>Aᵀ, from points to outputs.</summary>
    public readonly struct Output : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var m0 = TLanes.Load(from);
            var m1 = TLanes.Load(from + fromStride);
            var m2 = TLanes.Load(from + (2 * fromStride));
            var m3 = TLanes.Load(from + (3 * fromStride));
            TLanes.Store(TLanes.Add(TLanes.Add(m0, m1), m2), to);
            TLanes.Store(TLanes.Add(TLanes.Subtract(m1, m2), m3), to + toStride);
        }
    }

    /// <summary>G, from the kernel to points.</summary>
    public readonly struct Kernel : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var g0 = TLanes.Load(from);
            var g1 = TLanes.Load(from + fromStride);
            var g2 = TLanes.Load(from + (2 * fromStride));
            TLanes.Store(g0, to);
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(0.5f),
                    g2,
                    TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), g1, TLanes.Multiply(TLanes.Broadcast(0.5f), g0))),
                to + toStride);
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(0.5f),
                    g2,
                    TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), g1, TLanes.Multiply(TLanes.Broadcast(0.5f), g0))),
                to + (2 * toStride));
            TLanes.Store(g2, to + (3 * toStride));
        }
    }

    /// <summary>B, from the gradient of points to that of inputs.</summary>
    public readonly struct InputGradient : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var n0 = TLanes.Load(from);
            var n1 = TLanes.Load(from + fromStride);
            var n2 = TLanes.Load(from + (2 * fromStride));
            var n3 = TLanes.Load(from + (3 * fromStride));
            TLanes.Store(n0, to);
            TLanes.Store(TLanes.Subtract(TLanes.Subtract(n1, n2), n3), to + toStride);
            TLanes.Store(TLanes.Add(TLanes.Subtract(n1, n0), n2), to + (2 * toStride));
            TLanes.Store(n3, to + (3 * toStride));
        }
    }

    /// <summary>A, from the gradient of outputs to that of points.</summary>
    public readonly struct OutputGradient : ILinearMap
    {
        public static int Inputs => 2;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var y0 = TLanes.Load(from);
            var y1 = TLanes.Load(from + fromStride);
            TLanes.Store(y0, to);
            TLanes.Store(TLanes.Add(y0, y1), to + toStride);
            TLanes.Store(TLanes.Subtract(y0, y1), to + (2 * toStride));
            TLanes.Store(y1, to + (3 * toStride));
        }
    }

    /// <summary>Gᵀ, from the gradient of points to that of the kernel.</summary>
    public readonly struct KernelGradient : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var u0 = TLanes.Load(from);
            var u1 = TLanes.Load(from + fromStride);
            var u2 = TLanes.Load(from + (2 * fromStride));
            var u3 = TLanes.Load(from + (3 * fromStride));
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), u2, TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), u1, u0)), to);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), u2, TLanes.Multiply(TLanes.Broadcast(0.5f), u1)), to + toStride);
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), u2, TLanes.Multiply(TLanes.Broadcast(0.5f), u1)),
                    u3),
                to + (2 * toStride));
        }
    }
}
