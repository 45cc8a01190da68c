using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Eight lanes in two Arm64 registers of 32; the fallback wherever wider registers or FMA are missing.</summary>
internal unsafe struct Lanes2x128 : ILanes<Lanes2x128>
{
    private Vector128<float> _a;
    private Vector128<float> _b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes2x128(Vector128<float> a, Vector128<float> b)
    {
        _a = a;
        _b = b;
    }

    public static int Count => 8;

    public static int MaxAccumulators => 12;

    public static Lanes2x128 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 Load(float* source) => new(Vector128.Load(source), Vector128.Load(source + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 Broadcast(float value)
    {
        var all = Vector128.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes2x128 value, float* destination)
    {
        value._a.Store(destination);
        value._b.Store(destination + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 Add(Lanes2x128 a, Lanes2x128 b) => new(a._a + b._a, a._b + b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 Subtract(Lanes2x128 a, Lanes2x128 b) => new(a._a - b._a, a._b - b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 Multiply(Lanes2x128 a, Lanes2x128 b) => new(a._a * b._a, a._b * b._b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 MultiplyAdd(Lanes2x128 a, Lanes2x128 b, Lanes2x128 c) =>
        new(
            Vector128.FusedMultiplyAdd(a._a, b._a, c._a),
            Vector128.FusedMultiplyAdd(a._b, b._b, c._b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes2x128 sum, float* a, Lanes2x128 b)
    {
        sum._a = Vector128.FusedMultiplyAdd(Vector128.Load(a), b._a, sum._a);
        sum._b = Vector128.FusedMultiplyAdd(Vector128.Load(a + 4), b._b, sum._b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes2x128 sum, Lanes2x128 a, Lanes2x128 b)
    {
        sum._a = Vector128.FusedMultiplyAdd(a._a, b._a, sum._a);
        sum._b = Vector128.FusedMultiplyAdd(a._b, b._b, sum._b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes2x128 SelectIfGreater(Lanes2x128 a, Lanes2x128 b, Lanes2x128 yes, Lanes2x128 no) =>
        new(
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._a, b._a), yes._a, no._a),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._b, b._b), yes._b, no._b));
}
