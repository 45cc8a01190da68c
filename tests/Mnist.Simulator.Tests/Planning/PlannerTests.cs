using Mnist.Simulator.Planning;

namespace Mnist.Simulator.Tests.Planning;

public sealed class PlannerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public void Where_only_computing_costs_as_many_workers_as_slices_are_as_many_times_as_fast(int workers)
    {
        var point = Planner.Run(Clusters.Create(slices: 64), workers);

        Assert.Equal(64 * Clusters.SliceMicroseconds / 1000 / workers, point.StepMilliseconds, 0.001);
        Assert.Equal(64 * 16 / point.StepMilliseconds * 1000, point.ImagesPerSecond, 0.01);
    }

    [Fact]
    public void Efficiency_is_relative_to_a_single_worker_also_where_that_is_not_in_the_list()
    {
        var points = Planner.Run(Clusters.Create(slices: 8), [2, 3, 16], TestContext.Current.CancellationToken).ToArray();

        // Three workers have 3, 3 and 2 slices; of sixteen, eight have none.
        Assert.Equal([1, 8 / 9.0, 0.5], points.Select(point => Math.Round(point.Efficiency, 6)), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_slow_link_bounds_the_steps_by_what_it_carries()
    {
        const double BytesPerSecond = 10e6;
        var input = Clusters.Create() with { WorkersPerSilo = 1, Network = new NetworkModel("slow", BytesPerSecond, TimeSpan.Zero) };
        var elements = input.Layout.ContributionLength;

        var point = Planner.Run(input, 8);

        // Seven workers are on other silos than the server. The weights leave for one after another; the last to get them computes, and
        // its gradient comes back. On its way each of the two passes a second connection.
        var frame = elements * sizeof(float) / BytesPerSecond * 1000;
        var least = (7 * frame) + frame + (Clusters.SliceMicroseconds / 1000) + (2 * frame);
        Assert.InRange(point.StepMilliseconds, least, least * 1.02);
        Assert.InRange(point.NetworkLoad, 7 * frame / point.StepMilliseconds, 7.1 * frame / point.StepMilliseconds);
    }

    [Fact]
    public void However_many_workers_there_are_no_more_than_the_link_carries_gets_through()
    {
        var input = Clusters.Create(slices: 64) with { WorkersPerSilo = 1, Network = new NetworkModel("slow", 50e6, TimeSpan.Zero) };
        var frame = input.Layout.ContributionLength * sizeof(float) / 50e6;

        var points = Planner.Run(input, [4, 16, 64], TestContext.Current.CancellationToken);

        Assert.All(points, point => Assert.InRange(
            point.ImagesPerSecond, 0, input.Spec.GlobalBatch / ((point.Workers - 1) * frame)));
    }

    [Fact]
    public void Latency_is_paid_twice_a_step()
    {
        var input = Clusters.Create() with { WorkersPerSilo = 1, Network = new NetworkModel("far", 1e12, TimeSpan.FromMilliseconds(3)) };

        Assert.Equal(10 + 6, Planner.Run(input, 8).StepMilliseconds, 0.1);
    }

    [Fact]
    public void What_the_server_spends_is_spent_once_for_each_worker()
    {
        var costs = new ServerCosts { Call = 500, Frame = new LinearCost(200, 0), Step = new LinearCost(1000, 0), StepPerSlice = 100 };
        var input = Clusters.Create(slices: 16, Clusters.Calibration with { Server = costs });

        var point = Planner.Run(input, 16);

        Assert.Equal(10 + (16 * 0.7) + 1 + 1.6, point.StepMilliseconds, 0.01);
        Assert.Equal(((16 * 0.7) + 1 + 1.6) / point.StepMilliseconds, point.ServerLoad, 0.01);
    }

    [Fact]
    public void Partitions_share_what_depends_on_the_elements()
    {
        var costs = Clusters.Calibration.Server with { Frame = new LinearCost(0, 0.1) };
        var input = Clusters.Create(slices: 16, Clusters.Calibration with { Server = costs });

        var one = Planner.Run(input, 16).StepMilliseconds - 10;
        var four = Planner.Run(input with { Partitions = 4 }, 16).StepMilliseconds - 10;

        Assert.InRange(one / four, 3.9, 4.1);
    }

    [Fact]
    public void Workers_that_share_cores_share_their_speed()
    {
        var calibration = Clusters.Calibration with { BusySlice = Spread.Constant(1.5 * Clusters.SliceMicroseconds) };
        var input = Clusters.Create(slices: 16, calibration) with { WorkersPerSilo = 6 };

        Assert.Equal(16 * 10, Planner.Run(input, 1).StepMilliseconds, 0.01);
        Assert.Equal(8 * 15, Planner.Run(input, 2).StepMilliseconds, 0.01);
        Assert.Equal(4 * 30, Planner.Run(input, 4).StepMilliseconds, 0.01);
    }

    [Fact]
    public void What_is_late_is_computed_again()
    {
        // One slice in four takes ten times as long as the others: the grains themselves shorten such steps.
        var calibration = Clusters.Calibration with { AloneSlice = new Spread([10_000, 10_000, 10_000, 100_000]) };
        var input = Clusters.Create(slices: 2, calibration) with { WorkersPerSilo = 1, Steps = 60 };

        Assert.InRange(Planner.Run(input, 2).StepMilliseconds, 12, 40);
    }

    [Fact]
    public void A_worker_whose_frames_never_get_through_does_not_keep_the_others_from_training()
    {
        var input = Clusters.Create() with { WorkersPerSilo = 1, Network = new NetworkModel("clogged", 1000, TimeSpan.Zero) };

        Assert.InRange(Planner.Run(input, 2).StepMilliseconds, 80, 200);
    }

    [Fact]
    public void A_thousand_workers_are_simulated()
    {
        var point = Planner.Run(Clusters.Create(slices: 1024) with { Steps = 3, Network = NetworkModel.All[1] }, 1000);

        Assert.Equal((1000, 500), (point.Workers, point.Silos));
        Assert.True(point.ImagesPerSecond > 0);
    }
}
