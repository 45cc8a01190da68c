using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class PortableMathTests
{
    [Fact]
    public void Sine_and_cosine_are_accurate_over_a_turn()
    {
        for (var i = -1_000; i <= 1_000; i++)
        {
            var x = Math.PI * i / 1_000;

            Assert.Equal(Math.Sin(x), PortableMath.Sin(x), 2e-14);
            Assert.Equal(Math.Cos(x), PortableMath.Cos(x), 2e-15);
        }
    }

    [Fact]
    public void Logarithm_is_accurate_over_the_range_of_single_precision()
    {
        for (var exponent = -300; exponent <= 300; exponent++)
        {
            foreach (var mantissa in (double[])[1, 1.0000001, 1.4, 1.41422, 1.7, 1.9999999])
            {
                var x = Math.ScaleB(mantissa, exponent);

                Assert.Equal(Math.Log(x), PortableMath.Log(x), Math.Max(1e-15, Math.Abs(Math.Log(x)) * 1e-15));
            }
        }
    }

    [Fact]
    public void Powers_are_accurate()
    {
        foreach (var exponent in (long[])[0, 1, 2, 3, 10, 1_000, 6_567])
        {
            Assert.Equal(Math.Pow(0.99, exponent), PortableMath.Power(0.99, exponent), 1e-13);
        }
    }
}
