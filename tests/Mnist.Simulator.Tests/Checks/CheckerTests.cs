using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Protocol;
using Mnist.Learning.Specification;
using Mnist.Simulator.Checks;
using Mnist.Simulator.Faults;
using Mnist.Simulator.Models;
using Orleans.Runtime;
using Orleans.Simulation;

namespace Mnist.Simulator.Tests.Checks;

/// <summary>
/// A checker that never complains is worth nothing. What cannot be shown here, for want of a grain that does wrong, is shown by
/// planted bugs.
/// </summary>
public sealed class CheckerTests
{
    private static readonly RunShape Run = new() { Epochs = 2, Samples = 64 };
    private static readonly RunSpec Spec = TrialModels.CreateSpec(Run);
    private static readonly ReferenceTrajectory Reference = TrialModels.Reference(Run, Spec);
    private readonly ViolationLog _violations = new(() => TimeSpan.FromSeconds(3));

    [Fact]
    public void Right_results_are_not_reported()
    {
        new OutcomeChecker(Reference, _violations).Check(Progress(), Model());

        Assert.Null(_violations.First);
    }

    [Fact]
    public void A_run_that_has_failed_is_reported()
    {
        new OutcomeChecker(Reference, _violations).Check(Progress() with { Status = RunStatus.Failed, Error = "no disk" }, null);

        Reported(Invariants.Results, "the run is Failed, expected Completed: no disk");
    }

    [Fact]
    public void Final_weights_that_differ_by_a_bit_are_reported()
    {
        var model = Model();
        model.State[0] ^= 1;

        new OutcomeChecker(Reference, _violations).Check(Progress(), model);

        Reported(Invariants.Weights, "the final weights, after 4 of 4 steps, differ from those of the fault-free run");
    }

    [Fact]
    public void A_sample_that_is_missing_at_the_end_is_reported()
    {
        var ledger = new LedgerSummary { Samples = 127, Duplicates = 0, Missing = 1 };

        new OutcomeChecker(Reference, _violations).Check(Progress() with { Ledger = ledger }, Model());

        Reported(Invariants.Ledger, "the run ends with 127 samples, 0 twice and 1 missing, expected 128, 0 and 0");
    }

    [Fact]
    public void An_epoch_with_another_loss_is_reported()
    {
        var progress = Progress();
        progress.Epochs[1].StepLosses[1] += 0.5f;

        new OutcomeChecker(Reference, _violations).Check(progress, Model());

        Reported(Invariants.Results, "epoch 2 of 2 has other losses or another accuracy than in the fault-free run");
    }

    [Fact]
    public void A_missing_epoch_is_reported()
    {
        var progress = Progress();

        new OutcomeChecker(Reference, _violations).Check(progress with { Epochs = progress.Epochs[..1] }, Model());

        Reported(Invariants.Results, "epoch 1 of 1 has other losses");
    }

    [Fact]
    public void A_gradient_of_other_weights_than_those_of_its_step_is_reported()
    {
        using var computer = new CheckedModel(new ExactModel(), Reference, _violations).CreateComputer(Spec);
        var contribution = new float[ExactModel.Layout.ContributionLength];
        computer.LoadState(Reference.State(1));
        computer.ComputeContribution(1, 5, contribution, CancellationToken.None);
        Assert.Null(_violations.First);

        computer.ComputeContribution(2, 5, contribution, CancellationToken.None);

        Reported(Invariants.Staleness, "slice 5 of step 2 is computed with other weights than those of step 2: element 0 is");
    }

    [Fact]
    public void A_newer_checkpoint_that_is_overwritten_by_an_older_one_is_reported()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("checkpoint-a"), Checkpoint(round: 1));
        checker.Check(Write("checkpoint-b"), Checkpoint(round: 3));
        checker.Check(Write("checkpoint-a"), Checkpoint(round: 2));
        Assert.Null(_violations.First);

        checker.Check(Write("checkpoint-b"), Checkpoint(round: 1));

        Reported(Invariants.Commit, "server/0 on silo-1: overwrote the checkpoint of round 3 by that of round 1");
    }

    [Fact]
    public void A_checkpoint_may_be_overwritten_by_an_older_one_while_the_other_is_deleted_already()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("checkpoint-a"), Checkpoint(round: 3));
        checker.Check(Write("checkpoint-b"), Checkpoint(round: 2));
        checker.Check(Write("run"), Completed());
        checker.Check(Write("checkpoint-a"), new CheckpointState());

        checker.Check(Write("checkpoint-b"), Checkpoint(round: 1));
        checker.Check(Write("checkpoint-b"), new CheckpointState());
        checker.CheckEnd();

        Assert.Null(_violations.First);
    }

    [Fact]
    public void A_damaged_checkpoint_is_reported()
    {
        var checkpoint = Checkpoint(round: 1);
        checkpoint.Bytes[9] ^= 1;

        new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations).Check(Write("checkpoint-a"), checkpoint);

        Reported(Invariants.Commit, "server/0 on silo-1: checkpoint-a: is no checkpoint, or damaged");
    }

    [Fact]
    public void A_run_that_is_stored_as_completed_too_early_is_reported()
    {
        var state = new RunState { Status = RunStatus.Completed, Epochs = [.. Progress().Epochs.Take(1)], Model = Model() };

        new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations).Check(Write("run"), state);

        Reported(Invariants.Commit, "the run is stored as Completed with 1 of 2 epochs and its weights, not completed before");
    }

    [Fact]
    public void A_completed_run_that_is_stored_as_something_else_is_reported()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("run"), Completed());
        Assert.Null(_violations.First);

        checker.Check(Write("run"), new RunState { Status = RunStatus.Paused, Epochs = [.. Progress().Epochs] });

        Reported(Invariants.Commit, "the run is stored as Paused with 2 of 2 epochs and no weights, completed before");
    }

    [Fact]
    public void A_run_that_is_stored_as_completed_without_its_weights_is_reported()
    {
        new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations).Check(Write("run"), Completed() with { Model = null });

        Reported(Invariants.Commit, "the run is stored as Completed with 2 of 2 epochs and no weights, not completed before");
    }

    [Fact]
    public void A_checkpoint_that_is_deleted_before_the_run_is_completed_is_reported()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("run"), new RunState { Status = RunStatus.Paused, Epochs = [.. Progress().Epochs] });
        checker.Check(Write("checkpoint-a"), Checkpoint(round: 1));
        Assert.Null(_violations.First);

        checker.Check(Write("checkpoint-a"), new CheckpointState());

        Reported(Invariants.Checkpoints, "server/0 on silo-1: checkpoint-a is deleted before the run is completed");
    }

    [Fact]
    public void A_checkpoint_that_is_left_when_all_is_over_is_reported()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("checkpoint-a"), Checkpoint(round: 1));
        checker.Check(Write("checkpoint-b"), Checkpoint(round: 3));
        checker.Check(Write("run"), Completed());
        checker.Check(Write("checkpoint-a"), new CheckpointState());
        Assert.Null(_violations.First);

        checker.CheckEnd();

        Reported(Invariants.Checkpoints, "server/0: still has the checkpoints of rounds 3 when all is over");
    }

    [Fact]
    public void A_checkpoint_that_comes_after_the_deletion_is_reported()
    {
        var checker = new StorageChecker(RunSpecJson.Sha256(Spec), Run, _violations);
        checker.Check(Write("run"), Completed());
        checker.Check(Write("checkpoint-a"), new CheckpointState());
        checker.CheckEnd();
        Assert.Null(_violations.First);

        checker.Check(Write("checkpoint-a"), Checkpoint(round: 1));

        Reported(Invariants.Checkpoints, "server/0 on silo-1: wrote checkpoint-a after its deletion");
    }

    [Fact]
    public void Only_the_first_violation_is_kept()
    {
        _violations.Add(Invariants.Queues, "first");
        _violations.Add(Invariants.Ledger, "second");

        Assert.Equal(new Violation(Invariants.Queues, "first", TimeSpan.FromSeconds(3)), _violations.First);
    }

    private static RunProgress Progress() => new()
    {
        Status = RunStatus.Completed,
        Step = Reference.TotalSteps,
        TotalSteps = Reference.TotalSteps,
        Epoch = 1,
        Loss = 0,
        ImagesPerSecond = 0,
        TrainSeconds = 0,
        Epochs = [Epoch(1), Epoch(2)],
        Ledger = new LedgerSummary { Samples = 128, Duplicates = 0, Missing = 0 },
        Faults = new FaultCounters(),
        LiveWorkers = 0,
        Engines = [],
        Error = "",
    };

    private static EpochResult Epoch(int number) => new()
    {
        Epoch = number,
        TrainLoss = 0,
        TrainAccuracy = 0,
        TestAccuracy = Reference.TestAccuracies[number - 1],
        TestLoss = 0,
        LearningRate = 0,
        Seconds = 0,
        StepLosses = [.. Reference.StepLosses.Skip((number - 1) * Reference.StepsPerEpoch).Take(Reference.StepsPerEpoch)],
    };

    private static RunState Completed() => new() { Status = RunStatus.Completed, Epochs = Progress().Epochs, Model = Model() };

    private static ModelSnapshot Model() => new() { Step = Reference.TotalSteps, State = Reference.FinalBytes.ToArray() };

    private static CheckpointState Checkpoint(long round)
    {
        var server = new PartitionServer("trial", Spec, ExactModel.Layout, 0, 1, 80, new SpeculationOptions());
        server.GoTo(round, []);
        return PartitionCheckpoint.Save(server, RunSpecJson.Sha256(Spec), default);
    }

    private static StorageOperation Write(string record) =>
        new(StorageOperationKind.Write, "silo-1", StorageNames.Checkpoints, record, GrainId.Create("server", "0"));

    private void Reported(string invariant, string reason)
    {
        Assert.Equal(invariant, _violations.First?.Invariant);
        Assert.StartsWith(reason, _violations.First?.Reason, StringComparison.Ordinal);
    }
}
