using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Sweeps;
using Mnist.Simulator.Trials;

namespace Mnist.Simulator.Tests.Sweeps;

public sealed class SweepSummaryTests
{
    [Fact]
    public void Counts_how_often_and_in_how_many_seeds()
    {
        var summary = Summary((1, 3, false), (2, 4, false), (3, 0, false));

        Assert.Equal(new Tally(7, 2), summary[Name]);
        Assert.Equal(default, summary["something else"]);
    }

    [Fact]
    public void Keeps_failures_and_the_slowest_recovery_of_the_others()
    {
        var summary = Summary((1, 0, false), (8, 0, false), (9, 0, true), (2, 0, false));

        Assert.Equal([9UL], summary.Failures.Select(failure => failure.Plan.Seed));
        Assert.Equal((8UL, TimeSpan.FromSeconds(8)), summary.SlowestRecovery);
    }

    [Fact]
    public void The_hash_depends_on_every_trial_and_on_their_order()
    {
        ulong[] hashes =
        [
            Summary((1, 0, false), (2, 0, false)).EventHash,
            Summary((2, 0, false), (1, 0, false)).EventHash,
            Summary((1, 0, false)).EventHash,
            Summary((2, 0, false)).EventHash,
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void The_rarest_path_comes_first_and_those_that_no_seed_took_before_it()
    {
        var summary = new SweepSummary();
        var coverage = new Coverage();
        coverage.Add(CoverageNames.Path + "ParameterServerGrain.Checkpoint", 5);
        coverage.Add(CoverageNames.Path + "WorkerGrain.Retry", 2);
        summary.Add(Result(1, false, coverage));

        var paths = GrainPaths.Rarest(summary);

        Assert.Equal(["WorkerGrain.Retry", "ParameterServerGrain.Checkpoint"], paths.Select(path => path.Name).TakeLast(2));
        Assert.Contains(("TrainingRunGrain.Failed", default(Tally)), paths);

        // The worker's loop logs in the name of the worker.
        Assert.DoesNotContain("*.Retry", paths.Select(path => path.Name));
    }

    private const string Name = "something";

    private static SweepSummary Summary(params (ulong Seed, long Count, bool IsFailure)[] trials)
    {
        var summary = new SweepSummary();
        foreach (var (seed, count, isFailure) in trials)
        {
            var coverage = new Coverage();
            if (count > 0)
            {
                coverage.Add(Name, count);
            }

            summary.Add(Result(seed, isFailure, coverage));
        }

        return summary;
    }

    private static TrialResult Result(ulong seed, bool isFailure, Coverage coverage) => new()
    {
        Plan = new FaultPlan { Seed = seed, Cluster = new ClusterShape(), Run = new RunShape(), Faults = [] },
        Violation = isFailure ? new Violation("invariant", "reason", TimeSpan.Zero) : null,
        EventHash = seed,
        Events = 1,
        Duration = TimeSpan.FromSeconds(1),
        Recovery = TimeSpan.FromSeconds(seed),
        Coverage = coverage,
    };
}
