using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// 2×2 max pooling with stride 2. The forward pass keeps for each pooled element which element of the window won, as the
/// offset of that pixel in the input of the convolution before it, counted from the window's first pixel: so the
/// gradients of the convolution find the pixel without a division. Of equal elements the first wins.
/// </summary>
internal static unsafe class MaxPooling
{
    /// <summary>Pools one window of several samples.</summary>
    /// <param name="window">(4, rows, lanes), the elements (0,0), (0,1), (1,0), (1,1) of the window.</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="pooled">Receives the largest, (rows, lanes).</param>
    /// <param name="winners">Receives the offset of the largest as the bits of an integer, (rows, lanes).</param>
    /// <param name="stride">Floats between rows of both.</param>
    /// <param name="offsets">The offsets of the four elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Select<TLanes>(
        float* window, int rows, float* pooled, float* winners, nint stride, ReadOnlySpan<int> offsets)
        where TLanes : struct, ILanes<TLanes>
    {
        var element = rows * TLanes.Count;
        for (var row = 0; row < rows; row++)
        {
            Select(
                TLanes.Load(window),
                TLanes.Load(window + element),
                TLanes.Load(window + (2 * element)),
                TLanes.Load(window + (3 * element)),
                offsets, pooled, winners);
            window += TLanes.Count;
            pooled += stride;
            winners += stride;
        }
    }

    /// <summary>Pools a vector of windows.</summary>
    /// <param name="best">The elements (0,0).</param>
    /// <param name="second">The elements (0,1).</param>
    /// <param name="third">The elements (1,0).</param>
    /// <param name="fourth">The elements (1,1).</param>
    /// <param name="offsets">The offsets of the four elements.</param>
    /// <param name="pooled">Receives the largest.</param>
    /// <param name="winners">Receives the offsets of the largest as the bits of integers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Select<TLanes>(
        TLanes best, TLanes second, TLanes third, TLanes fourth, ReadOnlySpan<int> offsets, float* pooled, float* winners)
        where TLanes : struct, ILanes<TLanes>
    {
        var winner = TLanes.SelectIfGreater(second, best, Mark<TLanes>(offsets[1]), Mark<TLanes>(offsets[0]));
        best = TLanes.SelectIfGreater(second, best, second, best);
        winner = TLanes.SelectIfGreater(third, best, Mark<TLanes>(offsets[2]), winner);
        best = TLanes.SelectIfGreater(third, best, third, best);
        winner = TLanes.SelectIfGreater(fourth, best, Mark<TLanes>(offsets[3]), winner);
        best = TLanes.SelectIfGreater(fourth, best, fourth, best);
        TLanes.Store(best, pooled);
        TLanes.Store(winner, winners);
    }

    private static TLanes Mark<TLanes>(int offset)
        where TLanes : struct, ILanes<TLanes> => TLanes.Broadcast(BitConverter.Int32BitsToSingle(offset));
}
