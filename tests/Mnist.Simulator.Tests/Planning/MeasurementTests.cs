using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

public sealed class MeasurementTests
{
    [Fact]
    public void A_spread_keeps_the_mean_of_what_was_measured()
    {
        var measurements = Enumerable.Range(0, 1000).Select(i => (double)(i * i)).ToArray();

        var spread = Spread.Of(measurements);

        Assert.Equal(measurements.Average(), spread.Mean, 0.05 * measurements.Average());
        Assert.Equal(spread.Microseconds.Order(), spread.Microseconds);
        Assert.Equal((spread.Microseconds[0], spread.Microseconds[^1]), (spread.At(0), spread.At(0.999)));
    }

    [Fact]
    public void Between_two_spreads_lies_the_mean_of_both()
    {
        var between = Spread.Between(Spread.Constant(10), new Spread([20, 40]), 0.5);

        Assert.Equal(20, between.Mean);
    }

    [Fact]
    public void Of_several_repeats_the_one_in_the_middle_counts_with_all_its_disturbances()
    {
        Stretch[] repeats = [Stretch.Of([10, 90]), Stretch.Of([30, 30]), Stretch.Of([10, 100])];

        Assert.Equal([10, 90], Stretch.Median(repeats).Microseconds);
        Assert.Equal([30, 30], Stretch.Median(repeats[..2]).Microseconds);
    }

    [Fact]
    public void Threads_that_ran_together_are_as_fast_as_the_slowest()
    {
        var stretch = Stretch.Of([[10, 20], [40, 60, 50]]);

        Assert.Equal(50, stretch.Mean);
        Assert.Equal([10, 20, 40, 60, 50], stretch.Microseconds);
    }

    [Fact]
    public void A_line_goes_through_two_measurements_and_never_below_zero()
    {
        Assert.Equal(new LinearCost(1, 0.5), LinearCost.Through((2, 2), (10, 6)));
        Assert.Equal(new LinearCost(6, 0), LinearCost.Through((2, 9), (10, 6)));
        Assert.Equal(0, LinearCost.Through((2, 0.1), (10, 6)).Fixed);
    }

    [Fact]
    public async Task This_machine_can_be_measured_and_its_training_predicted()
    {
        var spec = Clusters.Create().Spec;
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var calibrator = await Calibrator.StartAsync(spec, TimeSpan.FromMilliseconds(30), cancellationToken);
        await calibrator.MeasureAsync(cancellationToken);

        var calibration = calibrator.Result();

        Assert.Equal(("tiny", 16, Environment.ProcessorCount), (calibration.Recipe, calibration.ImagesPerSlice, calibration.Cores));
        Assert.True(calibration.AloneSlice.Mean > 0 && calibration.BusySlice.Mean > 0 && calibration.LoadMicroseconds > 0);
        Assert.True(calibration.Server.Call > 0 && calibration.Server.Frame.PerElement > 0 && calibration.Server.Step.PerElement > 0);
        Assert.True(Planner.Run(Clusters.Create(calibration: calibration), 2).ImagesPerSecond > 0);
    }
}
