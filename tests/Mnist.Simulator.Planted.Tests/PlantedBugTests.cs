using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Shrinking;

namespace Mnist.Simulator.Planted;

/// <summary>A simulation that finds nothing says something only if it finds what is there.</summary>
public sealed class PlantedBugTests
{
    private const int MostSeeds = 1000;
    private const int MostFaults = 5;
    private const int EnoughTrials = 50;

    /// <summary>Each bug, and the invariant that is the first, or the one that is meant, to give it away.</summary>
    public static TheoryData<Bug, string> Bugs => new()
    {
        { Bug.DropTheDeduplication, Invariants.Weights },
        { Bug.SumInArrivalOrder, Invariants.Weights },
        { Bug.ApplyEarly, Invariants.Weights },
        { Bug.AcceptStaleGradients, Invariants.Weights },
        { Bug.LoseLeases, Invariants.Liveness },
        { Bug.SkipRounds, Invariants.Monotone },
        { Bug.SkipTheFence, Invariants.Commit },
        { Bug.ForgetTheLedger, Invariants.Ledger },
        { Bug.RestoreTheOlderCheckpoint, Invariants.Staleness },
        { Bug.RestoreTheOlderCheckpoint, Invariants.Results },
        { Bug.MixRounds, Invariants.Staleness },
        { Bug.SendWhatWasNotComputed, Invariants.Weights },
        { Bug.ReleaseWeightsTooEarly, Invariants.Staleness },
        { Bug.ReleaseGradientsTooEarly, Invariants.Liveness },
        { Bug.CompleteWithAPartitionBehind, Invariants.Weights },
        { Bug.DeleteCheckpointsTooEarly, Invariants.Checkpoints },
        { Bug.LeaveCheckpoints, Invariants.Checkpoints },
        { Bug.ForgetTheRunFirst, Invariants.Deletion },
        { Bug.PauseWhatIsComplete, Invariants.Commit },
        { Bug.PileUpCalls, Invariants.Queues },
        { Bug.AnswerAtOnce, Invariants.Patience },
        { Bug.WaitOutsideTheSimulation, Invariants.Determinism },
    };

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_planted_bug_is_caught_within_a_thousand_seeds_and_shown_with_at_most_five_faults(Bug bug, string invariant)
    {
        bool IsCaught(FaultPlan plan) => PlantedTrials.Run(bug, plan)?.Invariant == invariant;
        var caught = Enumerable.Range(1, MostSeeds).Select(seed => FaultPlanGenerator.Create((ulong)seed)).FirstOrDefault(IsCaught);

        Assert.True(caught is not null, $"{bug} was not caught by \"{invariant}\" within {MostSeeds} seeds");
        Assert.Null(PlantedTrials.Run(Bug.None, caught));

        // The search goes on for as long as there are too many faults, and otherwise for a little while.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (trials, smallest) = PlanShrinker.Shrink(caught, IsCaught, progress: Watch, cancellationToken: enough.Token);
        void Watch(ShrinkProgress progress)
        {
            if (progress.Trials >= EnoughTrials && progress.Smallest.Faults.Length <= MostFaults)
            {
                enough.Cancel();
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{bug}: caught by \"{invariant}\" in seed {caught.Seed} with {caught.Faults.Length} faults, of which {smallest.Faults.Length} "
            + $"are left after {trials} trials\n{FaultPlanJson.Serialize(smallest)}");
        Assert.InRange(smallest.Faults.Length, 0, MostFaults);
        Assert.Null(PlantedTrials.Run(Bug.None, smallest));
    }

    [Fact]
    public void Every_bug_is_looked_for() =>
        Assert.Equal(Enum.GetValues<Bug>().Where(bug => bug != Bug.None), Bugs.Select(row => row.Data.Item1).Distinct());
}
