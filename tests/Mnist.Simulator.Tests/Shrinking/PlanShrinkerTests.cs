using Mnist.Simulator.Faults;
using Mnist.Simulator.Shrinking;

namespace Mnist.Simulator.Tests.Shrinking;

public sealed class PlanShrinkerTests
{
    [Fact]
    public void Leaves_the_faults_that_matter_and_makes_the_rest_simple()
    {
        static bool Fails(FaultPlan plan) =>
            plan.Faults.Any(fault => fault.Kind == FaultKind.Crash && fault.Target is "server/0" or "server/1")
            && plan.Faults.Any(fault => fault.Kind == FaultKind.Loss && fault.Probability >= 0.5)
            && plan.Cluster.Silos >= 2;

        var found = Shrink(Fails);

        Assert.True(Fails(found.Smallest));
        Assert.Equal([FaultKind.Crash, FaultKind.Loss], found.Smallest.Faults.Select(fault => fault.Kind));
        Assert.Equal(new Fault { Kind = FaultKind.Crash, Round = 0, For = 0.1, Target = "server/0" }, found.Smallest.Faults[0]);
        Assert.Equal(new Fault { Kind = FaultKind.Loss, At = 0, For = 0.1, Probability = 1 }, found.Smallest.Faults[1]);
        Assert.Equal(2, found.Smallest.Cluster.Silos);
        Assert.Equal([0.1, 0.1], found.Smallest.Cluster.NetworkMilliseconds);
        var run = found.Smallest.Run;
        Assert.Equal((1, 1, 1, 1, 1, 1), (run.Epochs, run.Workers, run.Partitions, run.Slices, run.Batch, run.Samples));
    }

    [Fact]
    public void A_plan_that_fails_by_itself_loses_all_faults() => Assert.Empty(Shrink(_ => true).Smallest.Faults);

    [Fact]
    public void A_plan_that_cannot_be_smaller_stays()
    {
        var text = FaultPlanJson.Serialize(Large);

        var found = Shrink(plan => FaultPlanJson.Serialize(plan) == text);

        Assert.Same(Large, found.Smallest);
    }

    [Fact]
    public void Takes_the_same_way_each_time()
    {
        static List<string> Way()
        {
            var way = new List<string>();
            _ = Shrink(plan =>
            {
                way.Add(FaultPlanJson.Serialize(plan));
                return plan.Faults.Count(fault => fault.For > 1) >= 2;
            });
            return way;
        }

        Assert.Equal(Way(), Way());
    }

    [Fact]
    public void Asks_about_valid_plans_only_and_about_none_twice()
    {
        var asked = new HashSet<string>();

        _ = Shrink(plan =>
        {
            FaultPlanValidator.Validate(plan, "plan");
            Assert.True(asked.Add(FaultPlanJson.Serialize(plan)));
            return plan.Faults.Any(fault => fault.Kind == FaultKind.Partition);
        });

        Assert.NotEmpty(asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    public void Ends_after_as_many_trials_as_allowed(int most)
    {
        var trials = 0;

        var found = Shrink(
            plan => ++trials > 0 && plan.Faults.Length >= 5, new ShrinkOptions { MaxTrials = most });

        Assert.Equal(most, trials);
        Assert.Equal(most, found.Trials);
        Assert.True(found.Smallest.Faults.Length >= 5);
    }

    [Fact]
    public void An_interruption_ends_with_the_smallest_plan_so_far()
    {
        using var interruption = new CancellationTokenSource();

        var found = PlanShrinker.Shrink(
            Large,
            plan =>
            {
                interruption.Cancel();
                return plan.Faults.Length < Large.Faults.Length;
            },
            cancellationToken: interruption.Token);

        Assert.Equal(1, found.Trials);
        Assert.Empty(found.Smallest.Faults);
    }

    [Fact]
    public void Other_seeds_are_tried_when_a_fault_is_left_out()
    {
        static bool Fails(FaultPlan plan) => plan.Faults.Length == Large.Faults.Length || (plan.Seed == 3 && plan.Faults.Length >= 1);

        Assert.Single(Shrink(Fails).Smallest.Faults);
        Assert.Equal(
            Large.Faults.Length,
            Shrink(Fails, new ShrinkOptions { OtherSeeds = 0 }).Smallest.Faults.Length);
    }

    [Fact]
    public void A_fault_that_waits_for_a_round_goes_on_doing_so()
    {
        var found = Shrink(plan => plan.Faults.Any(fault => fault.Kind == FaultKind.Crash));

        var fault = Assert.Single(found.Smallest.Faults);
        Assert.Equal((0L, null), (fault.Round, fault.At));
    }

    [Fact]
    public void Reports_every_trial()
    {
        var reports = new List<ShrinkProgress>();

        var found = Shrink(plan => plan.Faults.Length >= 2, progress: reports.Add);

        Assert.Equal(Enumerable.Range(1, found.Trials), reports.Select(report => report.Trials));
        Assert.Same(found.Smallest, reports[^1].Smallest);
    }

    private static ShrinkProgress Shrink(
        Func<FaultPlan, bool> fails, ShrinkOptions? options = null, Action<ShrinkProgress>? progress = null) =>
        PlanShrinker.Shrink(Large, fails, options, progress, TestContext.Current.CancellationToken);

    private static FaultPlan Large { get; } = new()
    {
        Seed = 17,
        Cluster = new ClusterShape { Silos = 5, DuplicateProbability = 0.3 },
        Run = new RunShape { Workers = 6, Partitions = 4, Epochs = 3, Samples = 317, Recipe = "classic" },
        Faults =
        [
            new Fault { Kind = FaultKind.Pause, At = 1.234, For = 2.5, Target = "silo-5" },
            new Fault { Kind = FaultKind.Crash, Round = 7, Slices = 3, For = 4.321, Target = "server/1" },
            new Fault { Kind = FaultKind.Partition, Round = 3, Checkpoint = true, For = 9, Target = "server/3", Other = "silo-4" },
            new Fault { Kind = FaultKind.Delay, At = 0.3, For = 11.5, Milliseconds = 500 },
            new Fault { Kind = FaultKind.Loss, At = 0.37, For = 3.25, Target = "worker/5", Probability = 0.5 },
            new Fault { Kind = FaultKind.Bandwidth, At = 5, For = 1, BytesPerSecond = 10_000 },
            new Fault { Kind = FaultKind.Straggler, At = 2, For = 7.75, Target = "worker/4", Factor = 100 },
            new Fault { Kind = FaultKind.RunPause, Round = 12, For = 0.4 },
        ],
    };
}
