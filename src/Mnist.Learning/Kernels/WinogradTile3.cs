using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>Tiles of 3×3 outputs: F(3×3, 3×3), with the matrices of <see cref="WinogradMaps3"/>.</summary>
internal readonly unsafe struct WinogradTile3 : IWinogradTile
{
    public static int Outputs => 3;

    public static int Points => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.Input, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.Kernel, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.Output, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.OutputGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.InputGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX, float* scratch)
        where TLanes : struct, ILanes<TLanes> =>
        Separable.Apply<WinogradMaps3.KernelGradient, TLanes>(from, fromY, fromX, to, toY, toX, scratch);
}
