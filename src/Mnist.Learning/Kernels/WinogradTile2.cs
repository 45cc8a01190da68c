using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>Tiles of 2×2 outputs: F(2×2, 3×3), with the matrices of <see cref="WinogradMaps2"/>.</summary>
internal readonly unsafe struct WinogradTile2 : IWinogradTile
{
    public static int Outputs => 2;

    public static int Points => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.Input, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.Kernel, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.Output, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.OutputGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.InputGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps2.KernelGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);
}
