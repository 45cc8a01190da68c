using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class RecentDurationsTests
{
    private readonly RecentDurations _rounds = new();

    [Fact]
    public void Before_the_first_round_nothing_is_usual() => Assert.Null(_rounds.Usual(1));

    [Fact]
    public void A_few_rounds_that_take_ten_times_as_long_do_not_change_what_is_usual()
    {
        for (var round = 0; round < 40; round++)
        {
            _rounds.Add(Ms(round % 3 == 1 ? 1000 : 100), load: 2);
            Assert.Equal(Ms(100), _rounds.Usual(2));
        }
    }

    [Fact]
    public void Eight_rounds_are_enough_to_learn_another_duration()
    {
        Add(Ms(10), times: 30);
        Add(Ms(100), times: 7);
        Assert.Equal(Ms(10), _rounds.Usual(2));

        Add(Ms(100), times: 1);

        Assert.Equal(Ms(100), _rounds.Usual(2));
    }

    [Theory]
    [InlineData(3, 150)]
    [InlineData(2, 100)]
    [InlineData(1, 100)]
    public void What_is_usual_grows_with_the_slices_of_a_worker_but_does_not_shrink_with_them(int load, int usual)
    {
        Add(Ms(100), times: 3);

        Assert.Equal(Ms(usual), _rounds.Usual(load));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Add(TimeSpan duration, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _rounds.Add(duration, load: 2);
        }
    }
}
