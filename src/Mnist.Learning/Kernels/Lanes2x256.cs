using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Sixteen lanes in two AVX2 registers of 16.</summary>
internal unsafe struct Lanes2x256 : ILanes<Lanes2x256>
{
    private Vector256<float> _a;
    private Vector256<float> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes2x256(Vector256<float> a, Vector256<float> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 16;

    public static int MaxAccumulators => 6;

    public static Lanes2x256 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 Broadcast(float value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes2x256 value, float* destination)
    {
        value._a.Store(destination);
        value._b.Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 Add(Lanes2x256 a, Lanes2x256 b) => new(a._a + b._a, a._b + b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 Subtract(Lanes2x256 a, Lanes2x256 b) => new(a._a - b._a, a._b - b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 Multiply(Lanes2x256 a, Lanes2x256 b) => new(a._a * b._a, a._b * b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 MultiplyAdd(Lanes2x256 a, Lanes2x256 b, Lanes2x256 c) =>
        new(
            Vector256.FusedMultiplyAdd(a._a, b._a, c._a),
            Vector256.FusedMultiplyAdd(a._b, b._b, c._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes2x256 sum, float* a, Lanes2x256 b)
    {
        sum._a = Vector256.FusedMultiplyAdd(Vector256.Load(a), b._a, sum._a);
        sum._b = Vector256.FusedMultiplyAdd(Vector256.Load(a + 8), b._b, sum._b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes2x256 sum, Lanes2x256 a, Lanes2x256 b)
    {
        sum._a = Vector256.FusedMultiplyAdd(a._a, b._a, sum._a);
        sum._b = Vector256.FusedMultiplyAdd(a._b, b._b, sum._b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x256 SelectIfGreater(Lanes2x256 a, Lanes2x256 b, Lanes2x256 yes, Lanes2x256 no) =>
        new(
            Vector256.ConditionalSelect(Vector256.GreaterThan(a._a, b._a), yes._a, no._a),
            Vector256.ConditionalSelect(Vector256.GreaterThan(a._b, b._b), yes._b, no._b));
}
