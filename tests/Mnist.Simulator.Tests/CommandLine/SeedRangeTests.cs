using Mnist.Simulator.CommandLine;

namespace Mnist.Simulator.Tests.CommandLine;

public sealed class SeedRangeTests
{
    [Theory]
    [InlineData("1..10000", 1, 10000)]
    [InlineData("17", 17, 17)]
    [InlineData("5..", 5, ulong.MaxValue)]
    [InlineData("0..18446744073709551615", 0, ulong.MaxValue)]
    public void Reads_one_seed_or_a_range(string text, ulong first, ulong last)
    {
        Assert.True(SeedRange.TryParse(text, out var range));
        Assert.Equal(new SeedRange(first, last), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..5")]
    [InlineData("5..1")]
    [InlineData("1..2..3")]
    [InlineData("-1..5")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    [InlineData("1...5")]
    [InlineData("18446744073709551616")]
    public void Refuses_what_is_none(string text) => Assert.False(SeedRange.TryParse(text, out _));
}
