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
internal static class WinogradMaps2
{
    /// <summary>Bᵀ, from inputs to points.</summary>
    public readonly struct Input : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.Subtract(x0, x2);
            y1 = TLanes.Add(x1, x2);
            y2 = TLanes.Subtract(x2, x1);
            y3 = TLanes.Subtract(x3, x1);
            y4 = default;
        }
    }

    /// <summary>Aᵀ, from points to outputs.</summary>
    public readonly struct Output : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.Add(TLanes.Add(x0, x1), x2);
            y1 = TLanes.Add(TLanes.Subtract(x1, x2), x3);
            y2 = default;
            y3 = default;
            y4 = default;
        }
    }

    /// <summary>G, from the kernel to points.</summary>
    public readonly struct Kernel : ILinearMap
    {
        public static int Inputs => 3;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = x0;
            y1 = TLanes.MultiplyAdd(
                TLanes.Broadcast(0.5f),
                x2,
                TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x1, TLanes.Multiply(TLanes.Broadcast(0.5f), x0)));
            y2 = TLanes.MultiplyAdd(
                TLanes.Broadcast(0.5f),
                x2,
                TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x1, TLanes.Multiply(TLanes.Broadcast(0.5f), x0)));
            y3 = x2;
            y4 = default;
        }
    }

    /// <summary>B, from the gradient of points to that of inputs.</summary>
    public readonly struct InputGradient : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = x0;
            y1 = TLanes.Subtract(TLanes.Subtract(x1, x2), x3);
            y2 = TLanes.Add(TLanes.Subtract(x1, x0), x2);
            y3 = x3;
            y4 = default;
        }
    }

    /// <summary>A, from the gradient of outputs to that of points.</summary>
    public readonly struct OutputGradient : ILinearMap
    {
        public static int Inputs => 2;

        public static int Outputs => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = x0;
            y1 = TLanes.Add(x0, x1);
            y2 = TLanes.Subtract(x0, x1);
            y3 = x1;
            y4 = default;
        }
    }

    /// <summary>Gᵀ, from the gradient of points to that of the kernel.</summary>
    public readonly struct KernelGradient : ILinearMap
    {
        public static int Inputs => 4;

        public static int Outputs => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<TLanes>(
            TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4,
            out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4)
            where TLanes : struct, ILanes<TLanes>
        {
            y0 = TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x2, TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x1, x0));
            y1 = TLanes.MultiplyAdd(TLanes.Broadcast(-0.5f), x2, TLanes.Multiply(TLanes.Broadcast(0.5f), x1));
            y2 = TLanes.Add(
                TLanes.MultiplyAdd(TLanes.Broadcast(0.5f), x2, TLanes.Multiply(TLanes.Broadcast(0.5f), x1)),
                x3);
            y3 = default;
            y4 = default;
        }
    }
}
