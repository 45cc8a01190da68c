namespace Mnist.Grains.Tests.Protocol;

/// <content>When slices are late, and who computes them then.</content>
public sealed partial class RoundCoordinatorTests
{
    [Fact]
    public void A_worker_that_has_delivered_everything_waits_until_something_is_late()
    {
        RunRounds([0, 0, 1, 1], 1);
        AskAll(1);
        Deliver(0, 2);

        Assert.Empty(Ask(0));
        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
        Assert.Empty(_coordinator.Tick(Begun + Ms(129.99)));
        var decision = Assert.Single(_coordinator.Tick(Begun + Ms(130)));
        Assert.Equal((0, true), (decision.Worker, decision.Speculative));
        Assert.Equal([2, 3], decision.Slices);
        Assert.Equal(2, _coordinator.SpeculatedSlices);
    }

    [Fact]
    public void Who_has_done_his_part_of_what_is_late_gets_more_at_once()
    {
        RunRounds([0, 1, 1, 2], 1);
        AskAll(2);
        Deliver(0, 1);
        Ask(0);
        Assert.Equal([1, 2], Assert.Single(_coordinator.Tick(Begun + Ms(130))).Slices);
        Assert.Null(_coordinator.NextTick);

        Deliver(1, 2);
        Ask(0);

        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
        Assert.Equal([3], Assert.Single(_coordinator.Tick(Begun + Ms(131))).Slices);
    }

    [Fact]
    public void A_late_slice_is_not_given_to_a_second_helper_until_the_first_is_late_too()
    {
        RunRounds([0, 1, 2, 2], 1);
        AskAll(2);
        Deliver(0, 1);
        Deliver(1, 1);
        Assert.Empty(Ask(0));
        Assert.Equal([2], Assert.Single(_coordinator.Tick(Begun + Ms(130))).Slices);

        Assert.Empty(Ask(1));
        Assert.Equal([3], Assert.Single(_coordinator.Tick(Begun + Ms(131))).Slices);
        Assert.Empty(Ask(1));

        Assert.Equal(Begun + Ms(260), _coordinator.NextTick);
        Assert.Empty(_coordinator.Tick(Begun + Ms(259)));
        Assert.Equal([2], Assert.Single(_coordinator.Tick(Begun + Ms(260))).Slices);
    }

    [Fact]
    public void Late_slices_are_shared_equally_among_the_idle()
    {
        RunRounds([0, 1, 2, 2], 1);
        AskAll(2);
        Deliver(0, 2);
        Ask(0);
        Ask(1);

        var decisions = _coordinator.Tick(Begun + Ms(130));

        Assert.Equal([(0, 2), (1, 3)], decisions.Select(decision => (decision.Worker, Assert.Single(decision.Slices))));
        Assert.Null(_coordinator.NextTick);
    }

    [Fact]
    public void Whoever_is_idle_for_longest_gets_the_larger_part_of_what_is_late()
    {
        RunRounds([2, 2, 2, 0], 1);
        AskAll(2);
        Deliver(3, 1);
        Ask(0);

        var decisions = _coordinator.Tick(Begun + Ms(130));

        Assert.Equal([1, 0], decisions.Select(decision => decision.Worker));
        Assert.Equal([0, 1], decisions[0].Slices);
        Assert.Equal([2], decisions[1].Slices);
    }

    [Fact]
    public void Nothing_is_computed_twice_in_the_first_round_until_the_initial_patience_ends()
    {
        Begin([0, 0, 1, 1]);
        Deliver(0, 2);
        Ask(0);

        Assert.Equal(Begun + Options.Initial, _coordinator.NextTick);
    }

    [Fact]
    public void Rounds_of_no_duration_have_the_least_patience()
    {
        RunRounds([0, 0, 1, 1], 1, duration: TimeSpan.Zero);
        Deliver(0, 2);
        Ask(0);

        Assert.Equal(Begun + Options.Minimum, _coordinator.NextTick);
    }

    [Fact]
    public void Patience_grows_from_nothing_when_rounds_get_longer()
    {
        RunRounds([0, 0, 1, 1], 1, duration: TimeSpan.Zero);
        RunRounds([0, 0, 1, 1], 40);
        Deliver(0, 2);
        Ask(0);

        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
    }

    [Fact]
    public void Evaluations_have_a_usual_duration_of_their_own()
    {
        RunRounds([0, 0, 1, 1], 3);
        Begin([0, 0, 1, 1], isEvaluation: true);
        Deliver(0, 2);
        Ask(0);

        Assert.Equal(Begun + Options.Initial, _coordinator.NextTick);
    }
}
