using Mnist.Simulator.Shrinking;

namespace Mnist.Simulator.Tests.Shrinking;

public sealed class DeltaDebuggingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Finds_the_only_culprit_wherever_it_is(int count)
    {
        for (var culprit = 0; culprit < count; culprit++)
        {
            Assert.Equal([culprit], DeltaDebugging.Minimize(Enumerable.Range(0, count).ToArray(), part => part.Contains(culprit)));
        }
    }

    [Theory]
    [InlineData(0, 99)]
    [InlineData(49, 50)]
    [InlineData(3, 71)]
    public void Finds_culprits_that_are_far_apart(int one, int other) => Assert.Equal(
        [one, other],
        DeltaDebugging.Minimize(Enumerable.Range(0, 100).ToArray(), part => part.Contains(one) && part.Contains(other)));

    [Fact]
    public void Leaves_everything_out_when_nothing_is_to_blame() => Assert.Empty(DeltaDebugging.Minimize([1, 2, 3], _ => true));

    [Fact]
    public void Keeps_everything_when_everything_is_needed() =>
        Assert.Equal([1, 2, 3, 4, 5], DeltaDebugging.Minimize([1, 2, 3, 4, 5], part => part.Count == 5));

    [Fact]
    public void Keeps_the_order() => Assert.Equal(
        [5, 1, 4], DeltaDebugging.Minimize([9, 5, 8, 1, 7, 4, 6], part => part.Contains(5) && part.Contains(1) && part.Contains(4)));

    [Fact]
    public void What_is_left_cannot_do_without_any_item()
    {
        // An odd number of even items: whichever of them are left, without one it is an even number.
        static bool Fails(IReadOnlyList<int> part) => part.Count(item => item % 2 == 0) % 2 == 1;

        var left = DeltaDebugging.Minimize([2, 3, 4, 5, 6, 7, 9], Fails);

        Assert.True(Fails(left));
        Assert.All(left, item => Assert.False(Fails([.. left.Where(other => other != item)])));
    }

    [Fact]
    public void Asks_about_a_logarithm_of_parts_for_one_culprit_and_a_square_at_worst()
    {
        var questions = 0;
        _ = DeltaDebugging.Minimize(Enumerable.Range(0, 1024).ToArray(), part => ++questions > 0 && part.Contains(700));
        Assert.InRange(questions, 1, 1 + (2 * 10));

        questions = 0;
        _ = DeltaDebugging.Minimize(Enumerable.Range(0, 32).ToArray(), part => ++questions > 0 && part.Count == 32);
        Assert.InRange(questions, 1, (32 * 32) + (3 * 32));
    }
}
