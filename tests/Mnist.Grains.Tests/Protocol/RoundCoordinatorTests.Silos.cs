namespace Mnist.Grains.Tests.Protocol;

/// <content>Silos that end.</content>
public sealed partial class RoundCoordinatorTests
{
    [Fact]
    public void Who_waits_gets_at_once_what_the_worker_of_a_silo_that_ended_owes()
    {
        RunRounds([0, 0, 1, 1], 1);
        Settle(0, 1);
        Deliver(0, 2, after: Ms(10));
        Ask(0);

        var decision = Assert.Single(_coordinator.Lose("1"));

        Assert.Equal((0, false), (decision.Worker, decision.Speculative));
        Assert.Equal([2, 3], decision.Slices);
        Assert.Equal([0, 0, 0, 0], Owners());
        Assert.Equal(0, _coordinator.SpeculatedSlices);
    }

    [Fact]
    public void Who_computes_gets_it_with_the_next_answer()
    {
        RunRounds([0, 1, 2, 2], 1);
        Settle(0, 1, 2);

        Assert.Empty(_coordinator.Lose("2"));
        Deliver(0, 1);

        Assert.Equal([2], Ask(0));
        Assert.Equal([1, 3], Ask(1));
    }

    [Fact]
    public void All_workers_of_a_silo_are_gone_with_it()
    {
        RunRounds([0, 1, 2, 3], 1);
        Settle(0, 1, 1, 3);
        Deliver(0, 1);
        Ask(0);
        Deliver(3, 1);
        Ask(3);

        var decisions = _coordinator.Lose("1");

        Assert.Equal([0, 3], decisions.Select(decision => decision.Worker));
        Assert.Equal([1, 2], decisions.SelectMany(decision => decision.Slices));
    }

    [Fact]
    public void What_was_delivered_before_is_not_computed_again()
    {
        RunRounds([0, 0, 1, 1], 1);
        Settle(0, 1);
        Deliver(0, 2);
        Deliver(2, 1);
        Ask(0);

        Assert.Equal([3], Assert.Single(_coordinator.Lose("1")).Slices);
    }

    [Fact]
    public void A_worker_that_is_gone_gets_nothing_in_the_next_round_unless_it_is_heard_of()
    {
        RunRounds([0, 0, 1, 1], 1);
        Settle(0, 1);
        _coordinator.Lose("1");
        AskAll(0);
        Deliver(0, 4, Ms(100));
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);
        Assert.Equal([0, 0, 0, 0], Owners());

        AskAll(1);
        Deliver(0, 4, Ms(100));
        _coordinator.Complete(_now);
        Begin([0, 0, 1, 1]);

        Assert.Equal([0, 0, 1, 1], Owners());
    }

    [Fact]
    public void What_the_only_worker_owed_is_whose_who_comes_first()
    {
        RunRounds([1, 1, 1, 1], 1);
        Settle(0, 1);

        Assert.Empty(_coordinator.Lose("1"));

        Assert.Equal([0, 1, 2, 3], Ask(0));
    }

    [Fact]
    public void A_silo_without_workers_changes_nothing()
    {
        RunRounds([0, 0, 1, 1], 1);
        Settle(0, 1);
        Deliver(0, 2);
        Ask(0);

        Assert.Empty(_coordinator.Lose("2"));
        Assert.Equal([0, 0, 1, 1], Owners());
    }

    [Fact]
    public void It_is_news_when_a_worker_comes_from_another_silo()
    {
        Assert.True(_coordinator.NoteSilo(1, "a", isOfServer: false));
        Assert.False(_coordinator.NoteSilo(1, "a", isOfServer: false));
        Assert.True(_coordinator.NoteSilo(1, "b", isOfServer: false));

        RunRounds([0, 0, 1, 1], 1);
        Deliver(0, 2);
        Ask(0);
        Assert.Empty(_coordinator.Lose("a"));
    }

    /// <summary>Says in which silo each worker is.</summary>
    private void Settle(params int[] silos)
    {
        foreach (var (worker, silo) in silos.Index())
        {
            _coordinator.NoteSilo(worker, $"{silo}", isOfServer: false);
        }
    }
}
