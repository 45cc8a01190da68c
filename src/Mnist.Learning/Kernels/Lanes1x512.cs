using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Sixteen lanes in one AVX-512 register of 32.</summary>
internal unsafe struct Lanes1x512 : ILanes<Lanes1x512>
{
    private Vector512<float> _a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes1x512(Vector512<float> a)
    {
        _a = a;
    }

    public static int Count => 16;

    public static int MaxAccumulators => 24;

    public static Lanes1x512 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1x512 value, float* destination) => value._a.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 Add(Lanes1x512 a, Lanes1x512 b) => new(a._a + b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 Subtract(Lanes1x512 a, Lanes1x512 b) => new(a._a - b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 Multiply(Lanes1x512 a, Lanes1x512 b) => new(a._a * b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 MultiplyAdd(Lanes1x512 a, Lanes1x512 b, Lanes1x512 c) => new(Vector512.FusedMultiplyAdd(a._a, b._a, c._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes1x512 sum, float* a, Lanes1x512 b)
    {
        sum._a = Vector512.FusedMultiplyAdd(Vector512.Load(a), b._a, sum._a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes1x512 sum, Lanes1x512 a, Lanes1x512 b)
    {
        sum._a = Vector512.FusedMultiplyAdd(a._a, b._a, sum._a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x512 SelectIfGreater(Lanes1x512 a, Lanes1x512 b, Lanes1x512 yes, Lanes1x512 no) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._a, b._a), yes._a, no._a));
}
