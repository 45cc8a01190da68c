using System.Diagnostics;

namespace Orleans.Simulation.Tests;

public sealed class ForeignThreadTests
{
    // In seconds of real time, for a busy machine: a foreign thread that shows itself is not waited for any longer.
    private const double Patience = 10;

    [Theory]
    [InlineData(nameof(IOffender.LeaveForThePool))]
    [InlineData(nameof(IOffender.ReturnLate))]
    [InlineData(nameof(IOffender.ForgetTheContext))]
    public void A_grain_that_leaves_the_thread_fails_the_run(string method)
    {
        using var run = new Simulated(1, Patience, ["a"]);

        var exception = Assert.Throws<ForeignThreadException>(() => run.Cluster.Call(grains =>
        {
            var offender = grains.GetGrain<IOffender>("someone");
            return method switch
            {
                nameof(IOffender.LeaveForThePool) => offender.LeaveForThePool(),
                nameof(IOffender.ReturnLate) => offender.ReturnLate(),
                _ => offender.ForgetTheContext(),
            };
        }));

        Assert.Contains("foreign thread's stack", exception.Message, StringComparison.Ordinal);
        if (method == nameof(IOffender.ForgetTheContext))
        {
            // Its second call comes from the pool.
            Assert.Contains("ICounter.Where to tally/other", exception.Message, StringComparison.Ordinal);
            Assert.Contains("ForgetTheContext", exception.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains($"offender/someone on a (in IOffender.{method}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_method_that_was_to_continue_is_named()
    {
        using var run = new Simulated(1, Patience, ["a"]);

        var exception = Assert.Throws<ForeignThreadException>(
            () => run.Cluster.Call(grains => grains.GetGrain<IOffender>("someone").LeaveForThePool()));

        Assert.Contains("continuing Offender.LeaveForThePool", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_outside_grains_may_not_leave_the_thread_either()
    {
        using var run = new Simulated(1, Patience, ["a"]);

        var exception = Assert.Throws<ForeignThreadException>(() => run.Cluster.Call(async _ => await ForeignWork.Start()));

        Assert.Contains("code outside grains", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_thread_may_not_run_the_simulation()
    {
        using var run = new Simulated(1, Patience, ["a"]);
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => run.Run(1)));

        thread.Start();
        thread.Join();

        Assert.IsType<ForeignThreadException>(thrown);
    }

    [Fact]
    public void A_continuation_that_comes_after_the_run_is_found_when_asked_for()
    {
        using var run = new Simulated(1, Patience, ["a"]);
        _ = run.Cluster.Start(grains => grains.GetGrain<IOffender>("someone").WaitAtTheGate());
        run.Run(1);
        var simulation = Thread.CurrentThread;
        var foreign = new Thread(() =>
        {
            // Only once the check waits.
            SpinWait.SpinUntil(() => simulation.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin));
            run.Journal.Gate.SetResult();
        });

        foreign.Start();
        var exception = Assert.Throws<ForeignThreadException>(run.Cluster.CheckForForeignThreads);
        foreign.Join();

        Assert.Contains("continuing Offender.WaitAtTheGate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_waited_for_when_no_request_is_left()
    {
        using var run = new Simulated(1, Patience, ["a"]);
        run.Call("x", counter => counter.Increment());
        var watch = Stopwatch.StartNew();

        run.Cluster.CheckForForeignThreads();

        Assert.InRange(watch.Elapsed.TotalSeconds, 0, Patience / 2);
    }

    [Fact]
    public void An_action_that_throws_fails_the_run()
    {
        using var run = new Simulated(1, Patience, ["a"]);
        run.Cluster.After(TimeSpan.FromSeconds(1), () => throw new InvalidDataException("It went wrong."));

        var exception = Assert.Throws<SimulationException>(() => run.Run(2));

        Assert.Contains("It went wrong.", exception.Message, StringComparison.Ordinal);
    }
}
