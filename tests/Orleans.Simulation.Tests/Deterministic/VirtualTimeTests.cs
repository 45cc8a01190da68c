namespace Orleans.Simulation.Tests;

public sealed class VirtualTimeTests
{
    [Fact]
    public void Time_goes_on_to_what_is_due_next()
    {
        using var run = new Simulated(1, "a");
        var before = run.Cluster.Now;

        Assert.Equal("a", run.Cluster.Call(
            grains => grains.GetGrain<IPlainCounter>("x").Linger(TimeSpan.FromSeconds(20))));

        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 20, 20.1);
    }

    [Fact]
    public void A_run_ends_exactly_when_it_should()
    {
        using var run = new Simulated(1, "a");
        var before = run.Cluster.Now;

        run.Run(7);

        Assert.Equal(TimeSpan.FromSeconds(7), run.Cluster.Now - before);
    }

    [Fact]
    public void A_timer_of_a_grain_ticks_in_turns_of_the_grain()
    {
        using var run = new Simulated(1, "a");
        Begin(run);

        run.Run(10.5);

        Assert.Equal(10, run.Journal.Count("tick x on a in TurnQueue"));
    }

    [Fact]
    public void Timers_vanish_with_a_silo_that_crashes()
    {
        using var run = new Simulated(1, "a");
        Begin(run);
        run.Run(5.5);

        run.Cluster.CrashSilo("a");
        run.Run(100);

        Assert.Equal(5, run.Journal.Count("tick"));
        Assert.Equal(0, run.Journal.Count("deactivated"));
    }

    [Fact]
    public void A_silo_that_stood_still_does_not_catch_up_on_ticks()
    {
        using var run = new Simulated(1, "a");
        Begin(run);
        run.Run(2.5);
        run.Cluster.PauseSilo("a");
        run.Run(50);
        Assert.Equal(2, run.Journal.Count("tick"));

        run.Cluster.ResumeSilo("a");
        run.Run(0.4);
        Assert.Equal(3, run.Journal.Count("tick"));
        run.Run(2);
        Assert.Equal(5, run.Journal.Count("tick"));
    }

    [Fact]
    public void A_limit_that_is_reached_is_reported()
    {
        using var run = new Simulated(1, "a");

        Assert.False(run.Cluster.Run(() => false, TimeSpan.FromSeconds(1)));
        var exception = Assert.Throws<SimulationException>(
            () => run.Cluster.Call(_ => Task.Delay(TimeSpan.FromHours(1), run.Cluster.Time), TimeSpan.FromMinutes(1)));

        Assert.Contains("did not end within 00:01:00", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Turns_that_follow_each_other_for_ever_do_not_stop_the_clock()
    {
        using var run = new Simulated(1, "a");
        bool stop = false;
        _ = run.Cluster.Start(async _ =>
        {
            while (!stop)
            {
                await Task.Yield();
            }
        });

        run.Run(0.01);

        stop = true;
    }

    private static void Begin(Simulated run) =>
        run.Cluster.Call(grains => grains.GetGrain<IPlainCounter>("x").Tick(TimeSpan.FromSeconds(1)));
}
