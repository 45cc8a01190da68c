using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>A size of a tile, by its matrices.</summary>
/// <typeparam name="TInput">Bᵀ.</typeparam>
/// <typeparam name="TKernel">G.</typeparam>
/// <typeparam name="TOutput">Aᵀ.</typeparam>
/// <typeparam name="TOutputGradient">A.</typeparam>
/// <typeparam name="TInputGradient">B.</typeparam>
/// <typeparam name="TKernelGradient">Gᵀ.</typeparam>
internal readonly unsafe struct WinogradTile<TInput, TKernel, TOutput, TOutputGradient, TInputGradient, TKernelGradient> : IWinogradTile
    where TInput : struct, ILinearMap
    where TKernel : struct, ILinearMap
    where TOutput : struct, ILinearMap
    where TOutputGradient : struct, ILinearMap
    where TInputGradient : struct, ILinearMap
    where TKernelGradient : struct, ILinearMap
{
    public static int Outputs => TOutput.Outputs;

    public static int Points => TInput.Outputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TInput, TLanes>.Apply(from, fromY, fromX, to, toY, toX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Kernel<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TKernel, TLanes>.Apply(from, fromY, fromX, to, toY, toX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TOutput, TLanes>.Apply(from, fromY, fromX, to, toY, toX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TOutputGradient, TLanes>.Apply(from, fromY, fromX, to, toY, toX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TInputGradient, TLanes>.Apply(from, fromY, fromX, to, toY, toX);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KernelGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes> =>
        Separable<TKernelGradient, TLanes>.Apply(from, fromY, fromX, to, toY, toX);
}
