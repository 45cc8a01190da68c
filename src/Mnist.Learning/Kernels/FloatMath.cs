using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Mnist.Learning.Kernels;

/// <summary>
/// exp and log that give the same bits on every CPU and operating system, which the C library's do not. The polynomials
/// are those of Stephen Moshier's Cephes library (single precision), evaluated by Horner's rule with fused multiply-adds.
/// </summary>
public static class FloatMath
{
    private const float Log2E = 1.44269504088896341f;

    // ln 2 in two parts: the first has so few bits that its product with an exponent is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding and subtracting 1.5 · 2²³ rounds a small float to an integer, ties to even.
    private const float Rounder = 12582912f;
    private const float Sqrt2 = 1.41421356237f;

    /// <summary>Largest x whose exponential is finite here.</summary>
    public const float MaxExponent = 88.3762626f;

    /// <summary>Smallest x whose exponential is not 0 here: results below the normal range are 0.</summary>
    public const float MinExponent = -87.3365448f;

    private static ReadOnlySpan<float> ExpTerms =>
        [1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f];

    private static ReadOnlySpan<float> LogTerms =>
    [
        7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
        -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f,
    ];

    /// <summary>eˣ within two units in the last place; 0 below <see cref="MinExponent"/>, ∞ above <see cref="MaxExponent"/>.</summary>
    /// <param name="x">Any float; NaN gives NaN.</param>
    public static float Exp(float x)
    {
        if (x > MaxExponent)
        {
            return float.PositiveInfinity;
        }

        if (x < MinExponent)
        {
            return 0f;
        }

        var n = MathF.FusedMultiplyAdd(x, Log2E, Rounder) - Rounder;
        var r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        var terms = ExpTerms;
        var p = terms[0];
        p = MathF.FusedMultiplyAdd(p, r, terms[1]);
        p = MathF.FusedMultiplyAdd(p, r, terms[2]);
        p = MathF.FusedMultiplyAdd(p, r, terms[3]);
        p = MathF.FusedMultiplyAdd(p, r, terms[4]);
        p = MathF.FusedMultiplyAdd(p, r, terms[5]);
        p = MathF.FusedMultiplyAdd(p, r * r, r) + 1f;
        return float.IsNaN(x) ? x : p * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>eˣ in each lane, equal to <see cref="Exp(float)"/> to the bit.</summary>
    /// <param name="x">Any floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        var n = Vector128.FusedMultiplyAdd(x, Vector128.Create(Log2E), Vector128.Create(Rounder)) - Vector128.Create(Rounder);
        var r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2High), x);
        r = Vector128.FusedMultiplyAdd(n, Vector128.Create(-Ln2Low), r);
        var terms = ExpTerms;
        var p = Vector128.Create(terms[0]);
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(terms[1]));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(terms[2]));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(terms[3]));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(terms[4]));
        p = Vector128.FusedMultiplyAdd(p, r, Vector128.Create(terms[5]));
        p = Vector128.FusedMultiplyAdd(p, r * r, r) + Vector128<float>.One;
        p *= ((Vector128.ConvertToInt32(n) + Vector128.Create(127)) << 23).AsSingle();
        p = Vector128.ConditionalSelect(
            Vector128.GreaterThan(x, Vector128.Create(MaxExponent)), Vector128.Create(float.PositiveInfinity), p);
        p = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128.Create(MinExponent)), Vector128<float>.Zero, p);
        return Vector128.ConditionalSelect(Vector128.Equals(x, x), p, x);
    }

    /// <summary>Natural logarithm of a normal positive float within two units in the last place.</summary>
    /// <param name="x">A normal positive float; NaN and ∞ give themselves.</param>
    public static float Log(float x)
    {
        if (!float.IsFinite(x))
        {
            return x;
        }

        // x = m · 2ᵉ with m in [√½, √2)
        var bits = BitConverter.SingleToInt32Bits(x);
        var e = (bits >> 23) - 127;
        var m = BitConverter.Int32BitsToSingle((bits & 0x7FFFFF) | 0x3F800000);
        if (m > Sqrt2)
        {
            m *= 0.5f;
            e++;
        }

        var f = m - 1f;
        var square = f * f;
        var p = LogTerms[0];
        foreach (var term in LogTerms[1..])
        {
            p = MathF.FusedMultiplyAdd(p, f, term);
        }

        p = p * f * square;
        p = MathF.FusedMultiplyAdd(e, Ln2Low, p);
        p = MathF.FusedMultiplyAdd(-0.5f, square, p);
        return MathF.FusedMultiplyAdd(e, Ln2High, f + p);
    }
}
