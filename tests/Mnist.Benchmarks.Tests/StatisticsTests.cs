namespace Mnist.Benchmarks.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 9.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 9.0, 2.0 }, 3.0)]
    public void The_median_is_in_the_middle(double[] values, double expected) => Assert.Equal(expected, Statistics.Median(values));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Fact]
    public void A_slow_moment_of_the_machine_does_not_change_a_ratio_of_neighbours()
    {
        // In the second run everything takes twice as long: the quotient of the medians would be 40 / 10.
        double[] ours = [40, 20, 42];
        double[] theirs = [10, 5, 20];

        Assert.Equal(4, Statistics.MedianRatio(ours, theirs));
    }

    [Fact]
    public void Ratios_need_as_many_values_on_both_sides() =>
        Assert.Throws<ArgumentException>(() => Statistics.MedianRatio([1, 2], [1]));
}
