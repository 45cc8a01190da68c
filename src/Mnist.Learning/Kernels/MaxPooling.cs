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
        var offset0 = Mark<TLanes>(offsets[0]);
        var offset1 = Mark<TLanes>(offsets[1]);
        var offset2 = Mark<TLanes>(offsets[2]);
        var offset3 = Mark<TLanes>(offsets[3]);
        var element = rows * TLanes.Count;
        for (var row = 0; row < rows; row++)
        {
            var best = TLanes.Load(window);
            var value = TLanes.Load(window + element);
            var winner = TLanes.SelectIfGreater(value, best, offset1, offset0);
            best = TLanes.SelectIfGreater(value, best, value, best);
            value = TLanes.Load(window + (2 * element));
            winner = TLanes.SelectIfGreater(value, best, offset2, winner);
            best = TLanes.SelectIfGreater(value, best, value, best);
            value = TLanes.Load(window + (3 * element));
            winner = TLanes.SelectIfGreater(value, best, offset3, winner);
            best = TLanes.SelectIfGreater(value, best, value, best);
            TLanes.Store(best, pooled);
            TLanes.Store(winner, winners);
            window += TLanes.Count;
            pooled += stride;
            winners += stride;
        }
    }

    private static TLanes Mark<TLanes>(int offset)
        where TLanes : struct, ILanes<TLanes> => TLanes.Broadcast(BitConverter.Int32BitsToSingle(offset));
}
