using Mnist.Simulator.Trials;
using static Mnist.Simulator.Tests.Scenarios.Words;

namespace Mnist.Simulator.Tests.Scenarios;

/// <summary>The disasters that people ask about. Each also shows that it took place.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public void The_parameter_server_dies_between_applying_and_checkpointing() => Scenario.With(silos: 3, workers: 4)
        .When(Round(8)).Crash(TheServer).For(2.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("crashes", "fault: Crash server/0", "serving from round")
        .All(outcome => outcome.WentBack, "steps that were applied after the last checkpoint to be lost, and done again");

    [Fact]
    public void The_parameter_server_dies_as_a_checkpoint_is_on_its_way() => Scenario.With(silos: 3, workers: 4)
        .When(ACheckpointIsOnItsWay(afterRound: 4)).Crash(TheServer).For(2.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("crashes", "fault: Crash server/0", "serving from round")
        .Some(outcome => outcome.Saw("Write checkpoint-b RequestLost"), "the checkpoint to vanish with its silo")
        .Some(outcome => !outcome.Saw("Write checkpoint-b RequestLost"), "the checkpoint to arrive although its silo is gone");

    [Fact]
    public void The_parameter_server_dies_in_the_middle_of_a_step() => Scenario.With(silos: 3, workers: 4)
        .When(MidRound(7)).Crash(TheServer).For(2.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .All(outcome => outcome.Result.Coverage[CoverageNames.ServerLostMidStep] == 1, "a server that was lost mid-step");

    [Fact]
    public void A_partition_leaves_two_servers() => Scenario.With(silos: 4, workers: 4)
        .When(Round(7)).CutOff(TheServer).For(10.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("no messages get from", "is declared dead", "parameterserver/trial/0 is activated")
        .All(outcome => outcome.Result.Coverage[CoverageNames.Duplicate] > 0, "two servers at once");

    [Fact]
    public void The_last_worker_dies() => Scenario.With(silos: 5, workers: 2)
        .When(Round(5)).Crash(Worker(0)).For(3.Seconds())
        .When(Round(8)).Crash(Worker(1)).For(3.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("crashes", "fault: Crash worker/1", "worker/trial/1 is activated");

    [Fact]
    public void A_paused_silo_comes_back_after_it_was_declared_dead() => Scenario.With(silos: 3, workers: 4, epochs: 8)
        .When(MidRound(7)).Pause(TheServer).For(3.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("stands still", "is declared dead", "parameterserver/trial/0 is activated", "goes on", "learns that it was declared dead");

    [Fact]
    public void A_worker_that_is_ten_times_slower_does_not_make_the_run_ten_times_longer()
    {
        var usual = Scenario.With(silos: 3, workers: 4, epochs: 10).Run().EndWithTheSameWeights();
        var slow = Scenario.With(silos: 3, workers: 4, epochs: 10)
            .When(Round(6)).Slow(Worker(1), times: 10).For(10.Minutes())
            .Run()
            .EndWithTheSameWeights()
            .Show("fault: Straggler worker/1");

        Assert.InRange(slow.Mean(outcome => outcome.Training) / usual.Mean(outcome => outcome.Training), 1.0, 2.5);
    }

    [Fact]
    public void A_worker_that_dies_costs_less_than_a_step()
    {
        // Three of four workers take 30 instead of 20 ms for a step, until the fourth is back: that is no cost of its death.
        const int Round = 15;
        string[] others = ["worker/trial/0", "worker/trial/1", "worker/trial/3", "parameterserver/trial/0", "trainingrun/trial"];
        var lost = Scenario.With(silos: 8, workers: 4)
            .When(MidRound(Round)).Crash(Worker(2)).For(2.Seconds())
            .Run(isMeant: outcome => !others.Any(other => outcome.SiloOf(other) == outcome.SiloOf("worker/trial/2")))
            .EndWithTheSameWeights()
            .Show("crashes", "fault: Crash worker/2")
            .All(
                outcome => outcome.Saw("fault: Crash worker/2", "as well: ") || outcome.Saw("fault: Crash worker/2", "take over from silo"),
                "others to take over");

        var usual = lost.Mean(outcome => outcome.DurationOf(Round - 1));
        var ofThree = lost.Mean(outcome => outcome.DurationOf(Round + 3));
        var late = lost.Mean(outcome => outcome.DurationOf(Round) + outcome.DurationOf(Round + 1));
        Assert.InRange(ofThree / usual, 1.4, 1.6);
        Assert.InRange((late - usual - ofThree) / usual, 0.0, 1.0);
    }

    [Fact]
    public void A_worker_that_is_late_once_costs_the_next_round_nothing()
    {
        // Half as long again, and it is its own delivery that ends the round: the other one has only begun to compute its slices.
        const int Late = 8;
        var late = Scenario.With(silos: 3, workers: 2)
            .When(Round(Late)).Slow(Worker(1), times: 2).For(0.03.Seconds())
            .Run(isMeant: outcome => outcome.Saw("as well: "))
            .EndWithTheSameWeights()
            .Show("fault: Straggler worker/1", "as well: ");

        var usual = late.Mean(outcome => outcome.DurationOf(Late - 1));
        Assert.InRange(late.Mean(outcome => outcome.DurationOf(Late)) / usual, 1.2, 1.9);
        Assert.InRange(late.Mean(outcome => outcome.DurationOf(Late + 1)) / usual, 0.9, 1.1);
    }

    [Fact]
    public void Every_silo_restarts_one_by_one() => Scenario.With(silos: 3, workers: 4)
        .When(Round(3)).Stop(Silo(1)).For(1.Seconds())
        .When(Round(12)).Stop(Silo(2)).For(1.Seconds())
        .When(Round(25)).Stop(Silo(3)).For(1.Seconds())
        .Run()
        .EndWithTheSameWeights()
        .Show("silo-1 has stopped", "silo-2 has stopped", "silo-3 has stopped");

    [Fact]
    public void A_run_that_has_two_activations_and_is_deleted_does_not_come_back() => Scenario.With(silos: 3, workers: 4, epochs: 1)
        .DeletedInTheEnd()
        .When(Round(0)).Duplicate(TheRun).For(3.Seconds())
        .Run(isMeant: outcome => outcome.Saw("trial: deleted", "trainingrun/trial has one activation", "serving from round 0"))
        .EndWithTheSameWeights()
        .Show("trainingrun/trial may have two activations", "trial: deleted", "not written: the checkpoints of");

    [Fact]
    public void Storage_refuses_for_a_minute() => Scenario.With(silos: 3, workers: 4)
        .When(Round(5)).RefuseToStore().For(1.Minutes())
        .Run()
        .EndWithTheSameWeights()
        .Show("fault: RefusingStorage", "Write checkpoint-b Refused", "Write run Refused")
        .All(outcome => outcome.Result.Duration > 1.Minutes(), "a run that waits for its results to be stored");
}
