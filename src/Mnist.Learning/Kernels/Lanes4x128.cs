using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>Sixteen lanes in four Arm64 registers of 32; the fallback wherever wider registers or FMA are missing.</summary>
internal readonly unsafe struct Lanes4x128 : ILanes<Lanes4x128>
{
    private readonly Vector128<float> _a;
    private readonly Vector128<float> _b;
    private readonly Vector128<float> _c;
    private readonly Vector128<float> _d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes4x128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    public static int Count => 16;

    public static int MaxAccumulators => 6;

    public static Lanes4x128 Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 Broadcast(float value)
    {
        var all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4x128 value, float* destination)
    {
        value._a.Store(destination);
        value._b.Store(destination + 4);
        value._c.Store(destination + 8);
        value._d.Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 Add(Lanes4x128 a, Lanes4x128 b) =>
        new(a._a + b._a, a._b + b._b, a._c + b._c, a._d + b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 Subtract(Lanes4x128 a, Lanes4x128 b) =>
        new(a._a - b._a, a._b - b._b, a._c - b._c, a._d - b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 Multiply(Lanes4x128 a, Lanes4x128 b) =>
        new(a._a * b._a, a._b * b._b, a._c * b._c, a._d * b._d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 MultiplyAdd(Lanes4x128 a, Lanes4x128 b, Lanes4x128 c) =>
        new(
            Vector128.FusedMultiplyAdd(a._a, b._a, c._a),
            Vector128.FusedMultiplyAdd(a._b, b._b, c._b),
            Vector128.FusedMultiplyAdd(a._c, b._c, c._c),
            Vector128.FusedMultiplyAdd(a._d, b._d, c._d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes4x128 sum, float* a, Lanes4x128 b) => sum = MultiplyAdd(Load(a), b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes4x128 sum, Lanes4x128 a, Lanes4x128 b) => sum = MultiplyAdd(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4x128 SelectIfGreater(Lanes4x128 a, Lanes4x128 b, Lanes4x128 yes, Lanes4x128 no) =>
        new(
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._a, b._a), yes._a, no._a),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._b, b._b), yes._b, no._b),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._c, b._c), yes._c, no._c),
            Vector128.ConditionalSelect(Vector128.GreaterThan(a._d, b._d), yes._d, no._d));
}
