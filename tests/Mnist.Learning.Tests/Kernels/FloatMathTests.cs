using System.Runtime.Intrinsics;
using Mnist.Learning.Kernels;

namespace Mnist.Learning.Tests.Kernels;

public sealed class FloatMathTests
{
    [Fact]
    public void Exp_is_within_two_units_in_the_last_place()
    {
        for (var x = FloatMath.MinExponent; x < FloatMath.MaxExponent; x += 0.00371f)
        {
            AssertClose(Math.Exp(x), FloatMath.Exp(x), 2, x);
        }
    }

    [Fact]
    public void Log_is_within_two_units_in_the_last_place()
    {
        for (var x = 1.2e-38f; x < 3e38f; x *= 1.00037f)
        {
            AssertClose(Math.Log(x), FloatMath.Log(x), 2, x);
        }
    }

    [Fact]
    public void Log_of_one_is_zero() => Assert.Equal(0f, FloatMath.Log(1f));

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-200f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(100f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_of_extreme_arguments_is_defined(float x, float expected) => Assert.Equal(expected, FloatMath.Exp(x));

    [Fact]
    public void Vector_exp_equals_scalar_exp_to_the_bit()
    {
        float[] special = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon];
        float[] bounds = [FloatMath.MinExponent, FloatMath.MaxExponent, MathF.BitDecrement(FloatMath.MinExponent)];
        var random = new KeyedRandom(5);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => (random.NextSingle() * 190f) - 95f);
        foreach (var x in special.Concat(bounds).Concat(drawn))
        {
            var scalar = FloatMath.Exp(x);
            BitAssert.Equal([scalar], [FloatMath.Exp(Vector128.Create(0f, x, 1f, 2f))[1]], $"exp({x:R})");
        }
    }

    private static void AssertClose(double expected, float actual, int units, float x)
    {
        var magnitude = MathF.Abs((float)expected);
        var unit = (double)MathF.BitIncrement(magnitude) - magnitude;
        Assert.True(Math.Abs(actual - expected) <= units * unit, $"at {x:R}: {actual:R}, expected {expected:R}");
    }
}
