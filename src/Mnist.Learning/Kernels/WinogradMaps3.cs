using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// The matrices of Winograd's F(3×3, 3×3), from the points 0, 1, −1, ½ and ∞; the gradients' are their transposes:
/// <code>
/// Bᵀ =    ½   −1   −½    1    0    Aᵀ =  1  1  1  1  0    G =    2    0    0
///         0   −½    ½    1    0          0  1 −1  ½  0           1    1    1
///         0    ½ −3/2    1    0          0  1  1  ¼  1        −1/3  1/3 −1/3
///         0   −1    0    1    0                               −8/3 −4/3 −2/3
///         0    ½   −1   −½    1                                  0    0    1
/// </code>
/// </summary>
internal static unsafe class WinogradMaps3
{
    /// <summary>Bᵀ, from inputs to points.</summary>
    public readonly struct Input : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var x0 = TLanes.Load(from);
            var x1 = TLanes.Load(from + fromStride);
            var x2 = TLanes.Load(from + (2 * fromStride));
            var x3 = TLanes.Load(from + (3 * fromStride));
            var x4 = TLanes.Load(from + (4 * fromStride));
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x2, TLanes.Subtract(TLanes.Multiply(TLanes.Broadcast(0.5f), x0), x1)),
                    x3),
                to);
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x2, TLanes.Multiply(TLanes.Broadcast(-0.5f), x1)),
                    x3),
                to + toStride);
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(-1.5f), x2, TLanes.Multiply(TLanes.Broadcast(0.5f), x1)),
                    x3),
                to + (2 * toStride));
            TLanes.Store(TLanes.Subtract(x3, x1), to + (3 * toStride));
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x3, TLanes.Subtract(TLanes.Multiply(TLanes.Broadcast(0.5f), x1), x2)),
                    x4),
                to + (4 * toStride));
        }
    }

    /// <summary>Aᵀ, from points to outputs.</summary>
    public readonly struct Output : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var m0 = TLanes.Load(from);
            var m1 = TLanes.Load(from + fromStride);
            var m2 = TLanes.Load(from + (2 * fromStride));
            var m3 = TLanes.Load(from + (3 * fromStride));
            var m4 = TLanes.Load(from + (4 * fromStride));
            TLanes.Store(TLanes.Add(TLanes.Add(TLanes.Add(m0, m1), m2), m3), to);
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), m3, TLanes.Subtract(m1, m2)), to + toStride);
            TLanes.Store(TLanes.Add(TLanes.MultiplyAdd(TLanes.Broadcast(0.25f), m3, TLanes.Add(m1, m2)), m4), to + (2 * toStride));
        }
    }

    /// <summary>G, from the kernel to points.</summary>
    public readonly struct Kernel : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var g0 = TLanes.Load(from);
            var g1 = TLanes.Load(from + fromStride);
            var g2 = TLanes.Load(from + (2 * fromStride));
            TLanes.Store(TLanes.Multiply(TLanes.Broadcast(2f), g0), to);
            TLanes.Store(TLanes.Add(TLanes.Add(g0, g1), g2), to + toStride);
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(-1f / 3f),
                    g2,
                    TLanes.MultiplyAdd(TLanes.Broadcast(1f / 3f), g1, TLanes.Multiply(TLanes.Broadcast(-1f / 3f), g0))),
                to + (2 * toStride));
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(-2f / 3f),
                    g2,
                    TLanes.MultiplyAdd(TLanes.Broadcast(-4f / 3f), g1, TLanes.Multiply(TLanes.Broadcast(-8f / 3f), g0))),
                to + (3 * toStride));
            TLanes.Store(g2, to + (4 * toStride));
        }
    }

    /// <summary>B, from the gradient of points to that of inputs.</summary>
    public readonly struct InputGradient : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var n0 = TLanes.Load(from);
            var n1 = TLanes.Load(from + fromStride);
            var n2 = TLanes.Load(from + (2 * fromStride));
            var n3 = TLanes.Load(from + (3 * fromStride));
            var n4 = TLanes.Load(from + (4 * fromStride));
            var first = TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), n1, TLanes.Multiply(TLanes.Broadcast(-1f), n0));
            var second = TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), n1, TLanes.Multiply(TLanes.Broadcast(-0.5f), n0));
            TLanes.Store(TLanes.Multiply(TLanes.Broadcast(0.5f), n0), to);
            TLanes.Store(
                TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), n4, TLanes.Subtract(TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), n2, first), n3)),
                to + toStride);
            TLanes.Store(
                TLanes.Subtract(TLanes.MultiplyAdd(TLanes.Broadcast(-1.5f), n2, second), n4),
                to + (2 * toStride));
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(-0.5f),
                    n4,
                    TLanes.Add(TLanes.Add(TLanes.Add(n0, n1), n2), n3)),
                to + (3 * toStride));
            TLanes.Store(n4, to + (4 * toStride));
        }
    }

    /// <summary>A, from the gradient of outputs to that of points.</summary>
    public readonly struct OutputGradient : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var y0 = TLanes.Load(from);
            var y1 = TLanes.Load(from + fromStride);
            var y2 = TLanes.Load(from + (2 * fromStride));
            TLanes.Store(y0, to);
            TLanes.Store(TLanes.Add(TLanes.Add(y0, y1), y2), to + toStride);
            TLanes.Store(TLanes.Add(TLanes.Subtract(y0, y1), y2), to + (2 * toStride));
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(0.25f),
                    y2,
                    TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), y1, y0)),
                to + (3 * toStride));
            TLanes.Store(y2, to + (4 * toStride));
        }
    }

    /// <summary>Gᵀ, from the gradient of points to that of the kernel.</summary>
    public readonly struct KernelGradient : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(float* from, nint fromStride, float* to, nint toStride)
            where TLanes : struct, ILanes<TLanes>
        {
            var u0 = TLanes.Load(from);
            var u1 = TLanes.Load(from + fromStride);
            var u2 = TLanes.Load(from + (2 * fromStride));
            var u3 = TLanes.Load(from + (3 * fromStride));
            var u4 = TLanes.Load(from + (4 * fromStride));
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(-8f / 3f),
                    u3,
                    TLanes.MultiplyAdd(TLanes.Broadcast(-1f / 3f), u2, TLanes.Add(TLanes.Multiply(TLanes.Broadcast(2f), u0), u1))),
                to);
            TLanes.Store(
                TLanes.MultiplyAdd(
                    TLanes.Broadcast(-4f / 3f),
                    u3,
                    TLanes.MultiplyAdd(TLanes.Broadcast(1f / 3f), u2, u1)),
                to + toStride);
            TLanes.Store(
                TLanes.Add(
                    TLanes.MultiplyAdd(TLanes.Broadcast(-2f / 3f), u3, TLanes.MultiplyAdd(TLanes.Broadcast(-1f / 3f), u2, u1)),
                    u4),
                to + (2 * toStride));
        }
    }
}
