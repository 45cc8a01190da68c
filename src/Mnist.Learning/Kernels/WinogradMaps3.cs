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
internal static class WinogradMaps3
{
    /// <summary>Bᵀ, from inputs to points.</summary>
    public readonly struct Input : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x2, TLanes.Subtract(TLanes.Multiply(TLanes.Broadcast(0.5f), x0), x1)),
                x3);
            y1 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x2, TLanes.Multiply(TLanes.Broadcast(-0.5f), x1)),
                x3);
            y2 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(-1.5f), x2, TLanes.Multiply(TLanes.Broadcast(0.5f), x1)),
                x3);
            y3 = TLanes.Subtract(x3, x1);
            y4 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x3, TLanes.Subtract(TLanes.Multiply(TLanes.Broadcast(0.5f), x1), x2)),
                x4);
        }
    }

    /// <summary>Aᵀ, from points to outputs.</summary>
    public readonly struct Output : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.Add(TLanes.Add(TLanes.Add(x0, x1), x2), x3);
            y1 = TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x3, TLanes.Subtract(x1, x2));
            y2 = TLanes.Add(TLanes.MultiplyAdd(TLanes.Broadcast(0.25f), x3, TLanes.Add(x1, x2)), x4);
            y3 = default;
            y4 = default;
        }
    }

    /// <summary>G, from the kernel to points.</summary>
    public readonly struct Kernel : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.Multiply(TLanes.Broadcast(2f), x0);
            y1 = TLanes.Add(TLanes.Add(x0, x1), x2);
            y2 = TLanes.MultiplyAdd(
                TLanes.Broadcast(-1f / 3f),
                x2,
                TLanes.MultiplyAdd(TLanes.Broadcast(1f / 3f), x1, TLanes.Multiply(TLanes.Broadcast(-1f / 3f), x0)));
            y3 = TLanes.MultiplyAdd(
                TLanes.Broadcast(-2f / 3f),
                x2,
                TLanes.MultiplyAdd(TLanes.Broadcast(-4f / 3f), x1, TLanes.Multiply(TLanes.Broadcast(-8f / 3f), x0)));
            y4 = x2;
        }
    }

    /// <summary>B, from the gradient of points to that of inputs.</summary>
    public readonly struct InputGradient : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            var first = TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x1, TLanes.Multiply(TLanes.Broadcast(-1f), x0));
            var second = TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x1, TLanes.Multiply(TLanes.Broadcast(-0.5f), x0));
            y0 = TLanes.Multiply(TLanes.Broadcast(0.5f), x0);
            y1 = TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x4, TLanes.Subtract(TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x2, first), x3));
            y2 = TLanes.Subtract(TLanes.MultiplyAdd(TLanes.Broadcast(-1.5f), x2, second), x4);
            y3 = TLanes.MultiplyAdd(
                TLanes.Broadcast(-0.5f),
                x4,
                TLanes.Add(TLanes.Add(TLanes.Add(x0, x1), x2), x3));
            y4 = x4;
        }
    }

    /// <summary>A, from the gradient of outputs to that of points.</summary>
    public readonly struct OutputGradient : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 5;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = x0;
            y1 = TLanes.Add(TLanes.Add(x0, x1), x2);
            y2 = TLanes.Add(TLanes.Subtract(x0, x1), x2);
            y3 = TLanes.MultiplyAdd(
                TLanes.Broadcast(0.25f),
                x2,
                TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x1, x0));
            y4 = x2;
        }
    }

    /// <summary>Gᵀ, from the gradient of points to that of the kernel.</summary>
    public readonly struct KernelGradient : ILinearMap
    {
        public static int Inputs => 5;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.MultiplyAdd(
                TLanes.Broadcast(-8f / 3f),
                x3,
                TLanes.MultiplyAdd(TLanes.Broadcast(-1f / 3f), x2, TLanes.Add(TLanes.Multiply(TLanes.Broadcast(2f), x0), x1)));
            y1 = TLanes.MultiplyAdd(
                TLanes.Broadcast(-4f / 3f),
                x3,
                TLanes.MultiplyAdd(TLanes.Broadcast(1f / 3f), x2, x1));
            y2 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(-2f / 3f), x3, TLanes.MultiplyAdd(TLanes.Broadcast(-1f / 3f), x2, x1)),
                x4);
            y3 = default;
            y4 = default;
        }
    }
}
