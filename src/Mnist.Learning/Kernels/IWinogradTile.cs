namespace Mnist.Learning.Kernels;

/// <summary>
/// Winograd's minimal filtering of 3×3 kernels (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016), for one size
/// of the tile of outputs: out = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. A gradient takes the transposed matrices, since all is linear.
/// </summary>
/// <remarks>
/// Every method transforms one square of vectors of channels: <c>from</c> is (fromY, fromX), <c>to</c> receives (toY, toX).
/// </remarks>
internal unsafe interface IWinogradTile
{
    /// <summary>Rows and columns of outputs.</summary>
    static abstract int Outputs { get; }

    /// <summary>Rows and columns of inputs, and of points: two more than outputs.</summary>
    static abstract int Points { get; }

    /// <summary>Bᵀ d B, inputs to points.</summary>
    static abstract void Input<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>G g Gᵀ, kernel to points.</summary>
    static abstract void Kernel<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>Aᵀ m A, points to outputs.</summary>
    static abstract void Output<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>A y Aᵀ, gradient of outputs to that of points.</summary>
    static abstract void OutputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>B n Bᵀ, gradient of points to that of inputs.</summary>
    static abstract void InputGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>Gᵀ u G, gradient of points to that of the kernel.</summary>
    static abstract void KernelGradient<TLanes>(float* from, nint fromY, nint fromX, float* to, nint toY, nint toX)
        where TLanes : struct, ILanes<TLanes>;
}
