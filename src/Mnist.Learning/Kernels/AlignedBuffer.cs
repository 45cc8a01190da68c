using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Floats at a fixed, 64-byte-aligned address, zero at first. The garbage collector owns the memory: whoever uses
/// <see cref="Data"/> keeps the buffer reachable meanwhile.
/// </summary>
internal sealed unsafe class AlignedBuffer
{
    /// <summary>Floats in an alignment unit, a cache line.</summary>
    public const int Line = 16;

    private readonly float[] _memory;

    /// <summary>Reserves zeros.</summary>
    /// <param name="length">Number of floats. A few lines more are readable and writable, so that whole vectors may overrun.</param>
    public AlignedBuffer(long length)
    {
        _memory = GC.AllocateArray<float>(checked((int)(length + (4 * Line))), pinned: true);
        fixed (float* start = _memory)
        {
            Data = Align(start);
        }

        Length = (int)length;
    }

    /// <summary>The first float.</summary>
    public float* Data { get; }

    /// <summary>Number of floats that were asked for.</summary>
    public int Length { get; }

    /// <summary>The floats that were asked for.</summary>
    public Span<float> Span => new(Data, Length);

    /// <summary>The first address from a given one on that is a multiple of a cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Align(float* start) => (float*)(((nuint)start + 63) & ~(nuint)63);

    /// <summary>
    /// Distance between the samples of an array: whole cache lines, an odd number of them. With an even number, the same
    /// element of many samples would fall into few sets of the first-level cache and they would evict each other.
    /// </summary>
    /// <param name="length">Floats of one sample.</param>
    public static int SampleStride(int length) => (((length + Line - 1) / Line) | 1) * Line;
}
