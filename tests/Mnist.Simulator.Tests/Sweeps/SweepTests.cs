using Mnist.Simulator.Checks;
using Mnist.Simulator.CommandLine;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Tests.Sweeps;

public sealed class SweepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Looks_at_results_in_the_order_of_the_seeds(int jobs)
    {
        // The first trial is the last to end.
        using var others = new CountdownEvent(jobs > 1 ? 99 : 1);
        var seen = Execute(new Sweep
        {
            Seeds = new SeedRange(1, 100),
            Jobs = jobs,
            Run = seed =>
            {
                if (seed == 1 && jobs > 1)
                {
                    others.Wait(TestContext.Current.CancellationToken);
                }
                else if (jobs > 1)
                {
                    others.Signal();
                }

                return Result(seed);
            },
        });

        Assert.Equal(Enumerable.Range(1, 100).Select(seed => (ulong)seed), seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Ends_with_the_last_failure_allowed_whatever_the_jobs(int jobs)
    {
        var seen = Execute(
            new Sweep { Seeds = new SeedRange(1, 1000), Jobs = jobs, MaxFailures = 3, Run = seed => Result(seed, seed % 10 == 0) });

        Assert.Equal(Enumerable.Range(1, 30).Select(seed => (ulong)seed), seen);
    }

    [Fact]
    public void An_interruption_leaves_no_gaps()
    {
        using var interruption = new CancellationTokenSource();
        var seen = Execute(
            new Sweep
            {
                Seeds = new SeedRange(5, ulong.MaxValue),
                Jobs = 4,
                Run = seed =>
                {
                    if (seed == 200)
                    {
                        interruption.Cancel();
                    }

                    return Result(seed);
                },
            },
            interruption.Token);

        Assert.Contains(200UL, seen);
        Assert.Equal(Enumerable.Range(5, seen.Count).Select(seed => (ulong)seed), seen);
    }

    [Fact]
    public void No_trial_begins_after_the_time_limit() => Assert.Empty(Execute(
        new Sweep { Seeds = new SeedRange(1, ulong.MaxValue), Jobs = 2, TimeLimit = TimeSpan.Zero, Run = seed => Result(seed) }));

    [Fact]
    public void The_greatest_seed_is_the_last() => Assert.Equal(
        [ulong.MaxValue - 1, ulong.MaxValue],
        Execute(new Sweep { Seeds = new SeedRange(ulong.MaxValue - 1, ulong.MaxValue), Jobs = 3, Run = seed => Result(seed) }));

    [Fact]
    public void Real_trials_have_the_same_events_whatever_the_jobs()
    {
        static SweepSummary Summary(int jobs)
        {
            var summary = new SweepSummary();
            var sweep = new Sweep { Seeds = new SeedRange(1, 12), Jobs = jobs };
            sweep.Execute(summary.Add, (_, _) => { }, TestContext.Current.CancellationToken);
            return summary;
        }

        var (one, three) = (Summary(1), Summary(3));

        Assert.Equal(12, one.Seeds);
        Assert.Equal((one.EventHash, one.Events, one.VirtualTime), (three.EventHash, three.Events, three.VirtualTime));
        Assert.Equal(one.Tallies, three.Tallies);
        Assert.Equal(one.SlowestRecovery, three.SlowestRecovery);
    }

    [Fact]
    public void Watching_a_trial_changes_nothing_about_it()
    {
        var plan = FaultPlanGenerator.Create(3);
        var (told, observed) = (0L, 0L);

        var watched = TrialRunner.Run(plan, (_, _) => told++, _ => observed++);

        Assert.Equal(TrialRunner.Run(plan).EventHash, watched.EventHash);
        Assert.InRange(told, 1, watched.Events);
        Assert.InRange(observed, watched.Events / 2, long.MaxValue);
    }

    [Fact]
    public void An_error_of_the_simulator_itself_is_a_failure_of_its_seed()
    {
        var plan = FaultPlanGenerator.Create(3);

        var result = TrialRunner.Run(plan, (_, _) => throw new NotSupportedException("no such luck"));

        Assert.Same(plan, result.Plan);
        Assert.Contains("no such luck", result.Violation!.Reason, StringComparison.Ordinal);
    }

    private static List<ulong> Execute(Sweep sweep, CancellationToken? cancellationToken = null)
    {
        var seen = new List<ulong>();
        sweep.Execute(result => seen.Add(result.Plan.Seed), (_, _) => { }, cancellationToken ?? TestContext.Current.CancellationToken);
        return seen;
    }

    private static TrialResult Result(ulong seed, bool isFailure = false) => new()
    {
        Plan = new FaultPlan { Seed = seed, Cluster = new ClusterShape(), Run = new RunShape(), Faults = [] },
        Violation = isFailure ? new Violation("invariant", "reason", TimeSpan.Zero) : null,
        EventHash = seed,
        Events = 1,
        Duration = TimeSpan.FromSeconds(1),
        Recovery = TimeSpan.Zero,
        Coverage = new Coverage(),
    };
}
