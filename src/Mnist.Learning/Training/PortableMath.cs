using System.Diagnostics;

namespace Mnist.Learning.Training;

/// <summary>
/// Elementary functions in double precision from additions, multiplications and divisions only. Those are correctly
/// rounded everywhere and .NET never contracts or reorders them, so the results have the same bits on every CPU and
/// operating system, unlike those of the C library behind <see cref="Math"/>. Accurate to about 1e-15, for occasional use.
/// </summary>
public static class PortableMath
{
    private const int SineTerms = 14;
    private const int LogTerms = 14;
    private const double Ln2 = 0.6931471805599453;
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>Sine of an angle in [−π, π] radians, by its Taylor series up to x²⁷/27!.</summary>
    public static double Sin(double x)
    {
        Debug.Assert(Math.Abs(x) <= Math.PI + 1e-9, "the series is for angles within one turn");
        var square = x * x;
        var sum = 1.0;
        for (var k = SineTerms - 1; k >= 1; k--)
        {
            sum = 1.0 - (sum * square / (2 * k * ((2 * k) + 1)));
        }

        return x * sum;
    }

    /// <summary>Cosine of an angle in [−π, π] radians.</summary>
    public static double Cos(double x) => Sin((Math.PI / 2) - Math.Abs(x));

    /// <summary>Natural logarithm of a positive, normal number: x = m·2ᵉ with m near 1, then ln m = 2·artanh((m − 1)/(m + 1)).</summary>
    public static double Log(double x)
    {
        Debug.Assert(x >= 2.2250738585072014e-308 && double.IsFinite(x), "positive and normal");
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        var ratio = (mantissa - 1) / (mantissa + 1);
        var square = ratio * ratio;
        var sum = 0.0;
        for (var k = LogTerms - 1; k >= 0; k--)
        {
            sum = (sum * square) + (1.0 / ((2 * k) + 1));
        }

        return (exponent * Ln2) + (2 * ratio * sum);
    }

    /// <summary>A number to a whole power, by repeated squaring.</summary>
    public static double Power(double x, long exponent)
    {
        Debug.Assert(exponent >= 0, "only whole powers");
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result *= x;
            }

            x *= x;
        }

        return result;
    }
}
