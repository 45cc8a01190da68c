using Mnist.Learning;
using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

public sealed class WorkerCountsTests
{
    [Theory]
    [InlineData("1", new[] { 1 })]
    [InlineData("4,1,2,2", new[] { 1, 2, 4 })]
    [InlineData("1,2,4,8..50", new[] { 1, 2, 4, 8, 16, 32, 50 })]
    [InlineData("3..3", new[] { 3 })]
    [InlineData("1..8,6", new[] { 1, 2, 4, 6, 8 })]
    public void Lists_and_ranges_are_read(string text, int[] expected) => Assert.Equal(expected, WorkerCounts.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1,,2")]
    [InlineData("8..4")]
    [InlineData("1..2..4")]
    [InlineData("1..")]
    [InlineData("10001")]
    [InlineData("many")]
    public void Anything_else_is_refused_in_one_line(string text)
    {
        var message = Assert.Throws<InvalidInputException>(() => WorkerCounts.Parse(text)).Message;

        Assert.StartsWith($"--workers is '{text}', expected", message, StringComparison.Ordinal);
    }
}
