using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class EvaluationSlicesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(10_000)]
    [InlineData(15_001)]
    [InlineData(int.MaxValue)]
    public void Slices_cover_the_samples_in_order_and_are_equal_to_one_sample(int samples)
    {
        for (var slices = 1; slices <= 4096; slices *= 2)
        {
            var next = 0;
            for (var slice = 0; slice < slices; slice++)
            {
                var (first, count) = EvaluationSlices.Of(samples, slice, slices);
                Assert.Equal(next, first);
                Assert.InRange(count, samples / slices, (int)(((long)samples + slices - 1) / slices));
                next += count;
            }

            Assert.Equal(samples, next);
        }
    }
}
