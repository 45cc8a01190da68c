using Mnist.Simulator.Shrinking;

namespace Mnist.Simulator.Tests.Shrinking;

public sealed class SimplerNumbersTests
{
    [Theory]
    [InlineData(17.386)]
    [InlineData(0.05)]
    [InlineData(1000)]
    [InlineData(12345)]
    [InlineData(double.MaxValue)]
    public void Simplification_ends_whichever_proposal_is_taken(double value)
    {
        foreach (var pick in (Func<double[], double>[])[proposals => proposals[0], proposals => proposals[^1]])
        {
            var (current, steps) = (value, 0);
            while (SimplerNumbers.For(current).ToArray() is { Length: > 0 } proposals)
            {
                Assert.All(proposals, proposal => Assert.True(SimplerNumbers.IsSimpler(proposal, current)));
                current = pick(proposals);
                Assert.InRange(++steps, 1, 10_000);
            }

            Assert.Equal(0, current);
        }
    }

    [Fact]
    public void The_simplest_comes_first() => Assert.Equal([0, 0.1, 1, 10, 9, 20, 17], SimplerNumbers.For(17.386));

    [Fact]
    public void Nothing_is_simpler_than_nothing() => Assert.Empty(SimplerNumbers.For(0));

    [Fact]
    public void Whole_numbers_come_closer_and_closer() => Assert.Equal([1, 6, 9, 10], SimplerNumbers.Below(11));

    [Fact]
    public void The_least_number_stays() => Assert.Empty(SimplerNumbers.Below(1));
}
