using Mnist.Learning.Specification;
using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void Linear_rises_to_the_peak_and_falls_to_nothing()
    {
        Assert.Equal([0.25f, 0.75f, 0.9166667f, 0.75f, 0.5833333f, 0.4166667f, 0.25f, 0.0833333f], Rates("linear", 0.25f, 8), Close);
    }

    [Fact]
    public void Cosine_falls_along_half_a_wave()
    {
        var expected = Enumerable.Range(0, 10).Select(t => (float)((1 + Math.Cos(Math.PI * (t + 0.5) / 10)) / 2));

        Assert.Equal(expected, Rates("cosine", 0, 10), Close);
    }

    [Fact]
    public void Constant_stays_at_the_peak_after_the_warm_up()
    {
        Assert.Equal([0.25f, 0.75f, 1, 1], Rates("constant", 0.5f, 4), Close);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25f)]
    [InlineData(1)]
    public void No_step_has_a_rate_of_nothing_or_above_the_peak_however_long_the_run(float warmup)
    {
        foreach (var shape in ScheduleShapes.All)
        {
            foreach (var steps in (int[])[1, 2, 3, 7, 938])
            {
                Assert.All(Rates(shape, warmup, steps), rate => Assert.InRange(rate, float.Epsilon, 1));
            }
        }
    }

    [Fact]
    public void A_step_outside_the_run_is_refused()
    {
        var schedule = new LearningRateSchedule(new ScheduleSpec("linear", 1, 0), 5);

        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Rate(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Rate(-1));
    }

    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 1e-6f;

    private static IEnumerable<float> Rates(string shape, float warmup, int steps)
    {
        var schedule = new LearningRateSchedule(new ScheduleSpec(shape, 1, warmup), steps);
        return Enumerable.Range(0, steps).Select(step => schedule.Rate(step));
    }
}
