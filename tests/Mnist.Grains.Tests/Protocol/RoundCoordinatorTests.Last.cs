using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

/// <content>What becomes of a worker whom all others wait for.</content>
public sealed partial class RoundCoordinatorTests
{
    [Fact]
    public void A_worker_whom_all_others_wait_for_gets_help_before_it_is_late()
    {
        HelpTheLast();
        RunRounds([0, 0, 1, 1], 1);
        AskAll(1);
        Deliver(0, 2, after: Ms(60));
        Ask(0);

        Assert.Equal(Begun + Ms(80), _coordinator.NextTick);
        Assert.Empty(_coordinator.Tick(Begun + Ms(79.99)));
        var decision = Assert.Single(_coordinator.Tick(Begun + Ms(80)));
        Assert.Equal((0, true), (decision.Worker, decision.Speculative));
        Assert.Equal([2, 3], decision.Slices);
        Assert.Equal(2, _coordinator.SpeculatedSlices);
        Assert.Null(_coordinator.NextTick);
    }

    [Fact]
    public void One_helps_who_is_idle_for_longest_and_leaves_the_others_their_parts_until_they_are_late()
    {
        HelpTheLast();
        RunRounds([0, 1, 2, 2], 1);
        AskAll(2);
        Deliver(1, 1, after: Ms(20));
        Ask(1);
        Deliver(0, 1, after: Ms(10));
        Ask(0);

        // Worker 2 has twice as many slices, and is not expected within the 30 ms in which the others were done.
        Assert.Equal(Begun + Ms(80), _coordinator.NextTick);
        var first = Assert.Single(_coordinator.Tick(Begun + Ms(80)));
        Assert.Equal(1, first.Worker);
        Assert.Equal([2], first.Slices);
        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
        var second = Assert.Single(_coordinator.Tick(Begun + Ms(130)));
        Assert.Equal(0, second.Worker);
        Assert.Equal([3], second.Slices);
    }

    [Fact]
    public void Who_waits_for_two_others_waits_until_they_are_late()
    {
        HelpTheLast();
        RunRounds([0, 1, 2, 2], 1);
        AskAll(2);
        Deliver(0, 1, after: Ms(20));
        Ask(0);

        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
    }

    [Fact]
    public void A_worker_that_was_helped_keeps_its_slices_only_if_it_is_heard_of_in_the_same_round()
    {
        HelpTheLast();
        RunRounds([0, 0, 1, 1], 1);
        foreach (var isHeard in (bool[])[true, false])
        {
            AskAll(1);
            Deliver(0, 2, after: Ms(60));
            Ask(0);
            Assert.Single(_coordinator.Tick(Begun + Ms(80)));
            if (isHeard)
            {
                _coordinator.Hear(1);
            }

            Deliver(2, 2, after: Ms(60));
            _coordinator.Complete(_now);

            Assert.Equal(!isHeard, _coordinator.HasSuspects);
            Begin([0, 0, 1, 1]);
        }

        Assert.Equal([0, 0, 0, 0], Owners());
    }

    [Fact]
    public void Nobody_helps_in_short_rounds_before_the_least_patience_is_over_or_in_the_first_round()
    {
        HelpTheLast();
        Begin([0, 0, 1, 1]);
        AskAll(1);
        Deliver(0, 2);
        Ask(0);
        Assert.Equal(Begun + Options.Initial, _coordinator.NextTick);
        Deliver(2, 2, after: Ms(2));
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);
        AskAll(1);
        Deliver(0, 2, after: Ms(1));
        Ask(0);

        Assert.Equal(Begun + Options.Minimum, _coordinator.NextTick);
        Assert.Empty(_coordinator.Tick(Begun + Options.Minimum - new TimeSpan(1)));
    }

    [Fact]
    public void A_worker_that_owns_everything_is_helped_only_when_it_is_late()
    {
        HelpTheLast();
        RunRounds([0, 0, 0, 0], 1);
        AskAll(1);

        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
    }

    [Fact]
    public void A_worker_in_the_silo_of_the_server_is_helped_only_when_it_is_late()
    {
        HelpTheLast();
        RunRounds([0, 0, 1, 1], 1);
        AskAll(1);
        _coordinator.NoteSilo(1, "server's", isOfServer: true);
        Deliver(0, 2, after: Ms(60));
        Ask(0);

        Assert.Equal(Begun + Ms(130), _coordinator.NextTick);
    }

    /// <summary>The other tests are of slices that are late.</summary>
    private void HelpTheLast() => _coordinator = new RoundCoordinator(4, Options with { LastPatience = 0.2 }, isLead: true);
}
