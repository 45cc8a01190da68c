namespace Orleans.Simulation.Tests;

public sealed class ObservationTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void What_a_turn_has_changed_shows_when_it_has_ended_and_not_before()
    {
        using var run = new Simulated(1, "a");
        run.Call("x", counter => counter.Get());
        List<int> before = [];
        List<int> after = [];
        run.Cluster.Observed += one =>
        {
            if (one is { Kind: SimulationEventKind.Turn, Instance: Counter counter })
            {
                before.Add(counter.Peek);
            }
        };
        run.Cluster.TurnEnded += turn =>
        {
            Assert.Equal(("a", 1, Simulated.Id("x")), (turn.Silo, turn.Generation, turn.Grain));
            after.Add(Assert.IsType<PlainCounter>(turn.Instance).Peek);
        };

        run.Call("x", counter => counter.Increment());

        Assert.Equal(0, before[0]);
        Assert.Equal(1, after[0]);
        Assert.Equal(before.Count, after.Count);
    }

    [Fact]
    public void A_listener_to_turns_changes_nothing_and_may_fail_the_run()
    {
        ulong Hash(Action<SimulatedTurn>? listener)
        {
            using var run = new Simulated(3, Three);
            run.Cluster.TurnEnded += listener;
            run.Call("x", counter => counter.Increment());
            return run.Cluster.EventHash;
        }

        int turns = 0;
        Assert.Equal(Hash(null), Hash(_ => turns++));
        Assert.InRange(turns, 3, 100);
        Assert.Throws<InvalidDataException>(() => Hash(_ => throw new InvalidDataException("The invariant does not hold.")));
    }

    [Fact]
    public void An_activation_that_is_deactivated_ends_before_the_observer_and_one_that_crashes_does_not()
    {
        using var run = new Simulated(4, Three);
        List<SimulationEvent> ended = [];
        run.Cluster.Observed += one =>
        {
            if (one.Kind == SimulationEventKind.ActivationEnded)
            {
                ended.Add(one);
            }
        };
        string first = run.Call("x", counter => counter.Where());
        var instance = Assert.Single(run.Silo(first).Activations).Instance;
        run.Cluster.StopSilo(first);
        run.Run(1);

        Assert.Equal((first, 1, Simulated.Id("x")), (ended[0].Silo, ended[0].Generation, ended[0].Grain));
        Assert.Same(Assert.IsType<PlainCounter>(instance), ended[0].Instance);

        run.Cluster.CrashSilo(run.Call("x", counter => counter.Where()));
        run.Run(60);
        Assert.Single(ended);
    }

    [Fact]
    public void A_grain_is_located_where_it_is_activated()
    {
        using var run = new Simulated(2, Three);
        var x = Simulated.Id("x");
        Assert.Empty(run.Cluster.Locate(x));

        string first = run.Call("x", counter => counter.Where());
        Assert.Equal([first], run.Cluster.Locate(x));

        run.Cluster.CrashSilo(first);
        Assert.Empty(run.Cluster.Locate(x));
        Assert.Empty(run.Silo(first).Activations);
    }

    [Fact]
    public void A_duplicate_is_located_on_both_silos()
    {
        using var run = new Simulated(1, Three);
        var x = Simulated.Id("x");
        run.Call("x", counter => counter.Where());
        run.Cluster.ForceDuplicateActivation(x);
        int most = 0;
        run.Cluster.TurnEnded += _ => most = Math.Max(most, run.Cluster.Locate(x).Count);
        for (int i = 0; i < 12; i++)
        {
            run.Call($"via {i}", counter => counter.IncrementOther("x").ContinueWith(_ => 0, TaskScheduler.Current));
        }

        Assert.Equal(2, most);
        run.Run(15);
        Assert.Single(run.Cluster.Locate(x));
    }

    [Fact]
    public void Activations_are_listed_in_the_order_of_their_identities_whatever_came_first()
    {
        using var run = new Simulated(2, "a");
        string[] keys = ["q", "b", "z", "a"];
        foreach (string key in keys)
        {
            run.Call(key, counter => counter.Where());
        }

        var activations = run.Silo("a").Activations;

        Assert.Equal(keys.Order(StringComparer.Ordinal).Select(Simulated.Id), activations.Select(one => one.Grain));
        Assert.Equal(run.Silo("a").Grains, activations.Select(one => one.Grain));
        Assert.All(activations, one => Assert.Equal(one.Grain, Assert.IsType<PlainCounter>(one.Instance).GetGrainId()));
    }

    [Fact]
    public void Requests_that_wait_for_an_activation_are_counted()
    {
        using var run = new Simulated(1, "a");
        run.Call("x", counter => counter.Where());
        Assert.Equal(0, run.Cluster.LongestRequestQueue);

        var first = run.Begin("x", counter => counter.Linger(TimeSpan.FromSeconds(10)));
        run.Run(1);
        for (int i = 0; i < 5; i++)
        {
            _ = run.Begin("x", counter => counter.Where());
        }

        run.Run(1);
        Assert.Equal(5, run.Cluster.LongestRequestQueue);

        Assert.Null(run.Outcome(first));
        run.Run(1);
        Assert.Equal(0, run.Cluster.LongestRequestQueue);
    }

    [Fact]
    public void Messages_on_their_way_are_counted()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Delay = TimeRange.Seconds(2, 2);
        for (int i = 0; i < 3; i++)
        {
            _ = run.Begin($"{i}", counter => counter.Where());
        }

        run.Run(1);
        Assert.Equal(3, run.Cluster.MessagesInFlight);
        run.Cluster.Partition("a", SimulatedCluster.ClientName);
        run.Run(2);
        Assert.Equal(0, run.Cluster.MessagesInFlight);
    }

    [Fact]
    public void Turns_that_wait_are_counted_also_where_a_silo_stands_still()
    {
        using var run = new Simulated(1, "a");
        run.Run(1);
        Assert.Equal(0, run.Cluster.WaitingTurns);
        run.Cluster.PauseSilo("a");
        for (int i = 0; i < 4; i++)
        {
            _ = run.Begin($"{i}", counter => counter.Where());
        }

        Assert.Equal(4, run.Cluster.WaitingTurns);
        run.Run(1);
        Assert.Equal(4, run.Cluster.WaitingTurns);
        run.Cluster.ResumeSilo("a");
        run.Run(1);
        Assert.Equal(0, run.Cluster.WaitingTurns);
    }
}
