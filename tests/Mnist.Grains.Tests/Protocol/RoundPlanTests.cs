using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class RoundPlanTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(5, 1)]
    [InlineData(3, 7)]
    public void Every_epoch_is_its_steps_and_then_its_evaluation(int stepsPerEpoch, int epochs)
    {
        var plan = new RoundPlan(stepsPerEpoch, epochs);
        var expected = new List<Round>();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            for (var step = 0; step < stepsPerEpoch; step++)
            {
                expected.Add(new Round(expected.Count, epoch, (epoch * stepsPerEpoch) + step, false));
            }

            expected.Add(new Round(expected.Count, epoch, (epoch + 1) * stepsPerEpoch, true));
        }

        Assert.Equal(expected, Enumerable.Range(0, (int)plan.TotalRounds).Select(number => plan[number]));
        Assert.Equal(stepsPerEpoch * epochs, plan.TotalSteps);
    }

    [Fact]
    public void The_longest_run_does_not_overflow()
    {
        var plan = new RoundPlan(int.MaxValue, int.MaxValue);

        Assert.Equal((long)int.MaxValue * int.MaxValue, plan.TotalSteps);
        Assert.Equal(new Round(plan.TotalRounds - 1, int.MaxValue - 1, plan.TotalSteps, true), plan[plan.TotalRounds - 1]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    public void There_is_no_round_before_the_first_or_after_the_last(long number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoundPlan(3, 2)[number]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_plan_without_steps_or_epochs_is_refused(int stepsPerEpoch, int epochs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoundPlan(stepsPerEpoch, epochs));
}
