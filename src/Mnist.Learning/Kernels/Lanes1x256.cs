using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Eight lanes in one AVX2 register; there are 16, and 32 where there is AVX-512.</summary>
internal unsafe struct Lanes1x256 : ILanes<Lanes1x256>
{
    private Vector256<float> _a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes1x256(Vector256<float> a)
    {
        _a = a;
    }

    public static int Count => 8;

    public static int MaxAccumulators => Vector512.IsHardwareAccelerated ? 24 : 12;

    public static Lanes1x256 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1x256 value, float* destination) => value._a.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 Add(Lanes1x256 a, Lanes1x256 b) => new(a._a + b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 Subtract(Lanes1x256 a, Lanes1x256 b) => new(a._a - b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 Multiply(Lanes1x256 a, Lanes1x256 b) => new(a._a * b._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 MultiplyAdd(Lanes1x256 a, Lanes1x256 b, Lanes1x256 c) => new(Vector256.FusedMultiplyAdd(a._a, b._a, c._a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes1x256 sum, float* a, Lanes1x256 b)
    {
        sum._a = Vector256.FusedMultiplyAdd(Vector256.Load(a), b._a, sum._a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes1x256 sum, Lanes1x256 a, Lanes1x256 b)
    {
        sum._a = Vector256.FusedMultiplyAdd(a._a, b._a, sum._a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1x256 SelectIfGreater(Lanes1x256 a, Lanes1x256 b, Lanes1x256 yes, Lanes1x256 no) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(a._a, b._a), yes._a, no._a));
}
