using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class MembershipTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void Grains_are_placed_on_all_silos()
    {
        using var run = new Simulated(1, Three);

        string[] places = [.. Enumerable.Range(0, 60).Select(i => run.Call($"{i}", counter => counter.Where()))];

        Assert.All(Three, silo => Assert.InRange(places.Count(place => place == silo), 10, 30));
        Assert.Equal(places, Enumerable.Range(0, 60).Select(i => run.Call($"{i}", counter => counter.Where())));
    }

    [Fact]
    public void A_grain_that_prefers_its_caller_is_placed_there()
    {
        using var run = new Simulated(1, Three);

        string[] places = [.. Enumerable.Range(0, 20).Select(i => run.Call($"{i}", counter => counter.WhereIs($"of {i}")))];

        Assert.All(places, pair => Assert.Equal(pair.Split(' ')[0], pair.Split(' ')[1]));
    }

    [Fact]
    public void Placement_follows_the_attribute()
    {
        using var run = new Simulated(1, Three);
        string[] Places(Func<IGrainFactory, int, IPlaced> grain) =>
            [.. Enumerable.Range(0, 30).Select(i => run.Cluster.Call(grains => grain(grains, i).Where()))];

        string[] hashed = Places((grains, i) => grains.GetGrain<IHashed>(i));
        string[] balanced = Places((grains, i) => grains.GetGrain<IBalanced>(i));
        string[] pairs =
        [
            .. Enumerable.Range(0, 10).Select(i => run.Cluster.Call(grains => grains.GetGrain<IShared>(i).WhereShared(100 + i))),
        ];

        using var other = new Simulated(2, Three);
        Assert.Equal(hashed, Enumerable.Range(0, 30).Select(i => other.Cluster.Call(grains => grains.GetGrain<IHashed>(i).Where())));
        Assert.All(Three, silo => Assert.InRange(balanced.Concat(hashed).Count(place => place == silo), 17, 23));
        Assert.All(pairs, pair => Assert.Equal(pair.Split(' ')[0], pair.Split(' ')[1]));
    }

    [Fact]
    public void The_harness_can_name_the_silo_of_a_grain_that_has_no_activation()
    {
        using var cluster = new SimulatedCluster(1, new SimulationOptions
        {
            Placement = grain => grain.Key.ToString() switch { "1" => "c", "2" => "gone", _ => null },
        });
        cluster.StartSilos(Three);
        string Place(int i) => cluster.Call(grains => grains.GetGrain<IHashed>(i).Where());

        using var other = new Simulated(1, Three);
        string Usual(int i) => other.Cluster.Call(grains => grains.GetGrain<IHashed>(i).Where());

        Assert.Equal(["c", Usual(2), Usual(3)], new[] { 1, 2, 3 }.Select(Place));
        Assert.NotEqual("c", Usual(1));
    }

    [Fact]
    public void A_grain_of_a_crashed_silo_lives_on_elsewhere_once_the_crash_is_detected()
    {
        using var run = new Simulated(2, Three);
        Assert.Equal(1, run.Call("x", counter => counter.Increment()));
        string first = run.Call("x", counter => counter.Where());

        run.Cluster.CrashSilo(first);
        Assert.Equal(SiloStatus.Active, run.Silo(first).Status);
        Assert.NotNull(run.Outcome(run.Begin("x", counter => counter.Where())));
        run.Run(30);

        Assert.Equal(SiloStatus.Dead, run.Silo(first).Status);
        Assert.NotEqual(first, run.Call("x", counter => counter.Where()));
        Assert.Equal(2, run.Call("x", counter => counter.Increment()));
        Assert.Equal(0, run.Journal.Count("deactivated"));
    }

    [Fact]
    public void Calls_that_run_on_a_silo_that_dies_end_when_that_is_detected()
    {
        using var run = new Simulated(3, Three);
        string first = run.Call("x", counter => counter.Where());
        var before = run.Cluster.Now;
        var call = run.Begin("x", counter => counter.Linger(TimeSpan.FromMinutes(5)));
        run.Run(1);

        run.Cluster.CrashSilo(first);

        Assert.IsType<SiloUnavailableException>(run.Outcome(call));
        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 6, 16.1);
    }

    [Fact]
    public void Calls_to_a_crashed_silo_fail_at_once_or_time_out()
    {
        HashSet<Type> outcomes = [];
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var run = new Simulated(seed, "a");
            run.Call("x", counter => counter.Where());
            run.Cluster.CrashSilo("a");
            outcomes.Add(run.Outcome(run.Begin("x", counter => counter.Where()))!.GetType());
        }

        Assert.Equal(
            [typeof(SiloUnavailableException), typeof(TimeoutException)], outcomes.OrderBy(type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_silo_that_stops_deactivates_its_grains_first()
    {
        using var run = new Simulated(4, Three);
        string first = run.Call("x", counter => counter.Where());

        run.Cluster.StopSilo(first);
        run.Run(1);

        Assert.True(run.Silo(first).IsGone);
        Assert.Equal(SiloStatus.Dead, run.Silo(first).Status);
        Assert.Equal([$"activated x on {first}", $"deactivated x on {first} ShuttingDown"], run.Journal.Lines);
        Assert.NotEqual(first, run.Call("x", counter => counter.Where()));
    }

    [Fact]
    public void A_silo_that_starts_again_replaces_its_earlier_life_at_once()
    {
        using var run = new Simulated(5, "a");
        run.Call("x", counter => counter.Increment());
        var earlier = run.Silo("a");
        run.Cluster.CrashSilo("a");

        run.Cluster.StartSilos("a");

        Assert.Equal(SiloStatus.Dead, earlier.Status);
        Assert.NotEqual(earlier.Address, run.Silo("a").Address);
        Assert.Equal(2, run.Call("x", counter => counter.Increment()));
        Assert.Equal(2, run.Journal.Count("activated x on a"));
    }

    [Fact]
    public void A_silo_that_stands_still_answers_late()
    {
        using var run = new Simulated(6, "a");
        run.Call("x", counter => counter.Where());
        run.Cluster.PauseSilo("a");
        var call = run.Begin("x", counter => counter.Where());
        run.Run(20);
        Assert.False(call.IsCompleted);

        run.Cluster.ResumeSilo("a");

        Assert.Null(run.Outcome(call, 1));
    }

    [Fact]
    public void A_silo_that_comes_back_after_it_was_declared_dead_ends_itself()
    {
        using var run = new Simulated(7, Three);
        string first = run.Call("x", counter => counter.Where());
        run.Cluster.Call(grains => grains.GetGrain<IPlainCounter>("x").Tick(TimeSpan.FromSeconds(0.1)));
        run.Cluster.MembershipConditions.DeathNotice = TimeRange.Seconds(3, 3);
        run.Cluster.PauseSilo(first);
        run.Run(30);
        Assert.Equal(SiloStatus.Dead, run.Silo(first).Status);
        Assert.NotEqual(first, run.Call("x", counter => counter.Where()));
        int ticks = run.Journal.Count("tick");

        run.Cluster.ResumeSilo(first);
        run.Run(2.9);
        Assert.False(run.Silo(first).IsGone);

        // Until it learns, the grain has two activations.
        Assert.InRange(run.Journal.Count("tick") - ticks, 25, 30);
        run.Run(0.2);
        Assert.True(run.Silo(first).IsGone);
        Assert.Equal(0, run.Journal.Count("deactivated"));
    }

    [Fact]
    public void A_silo_that_the_others_cannot_reach_is_declared_dead_and_ends_itself()
    {
        using var run = new Simulated(8, Three);
        run.Cluster.Partition("a", "b");
        run.Run(60);
        Assert.All(run.Cluster.Silos, silo => Assert.Equal(SiloStatus.Active, silo.Status));

        run.Cluster.Partition("a", "c", oneWay: true);
        run.Run(60);

        Assert.True(run.Silo("a").IsGone);
        Assert.Equal(SiloStatus.Dead, run.Silo("a").Status);
        Assert.Equal(SiloStatus.Active, run.Silo("b").Status);
        Assert.Equal(SiloStatus.Active, run.Silo("c").Status);
    }

    [Fact]
    public void A_partition_that_heals_in_time_has_no_consequences()
    {
        using var run = new Simulated(9, Three);
        run.Cluster.Partition("a", "b");
        run.Cluster.Partition("a", "c");
        run.Run(4.9);

        run.Cluster.Heal();
        run.Run(60);

        Assert.All(run.Cluster.Silos, silo => Assert.Equal(SiloStatus.Active, silo.Status));
    }

    [Fact]
    public void Two_silos_that_cannot_reach_each_other_do_not_both_survive()
    {
        HashSet<string> survivors = [];
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var run = new Simulated(seed, "a", "b");
            run.Cluster.Partition("a", "b");
            run.Run(60);
            survivors.Add(Assert.Single(run.Cluster.Silos, silo => !silo.IsGone).Name);
        }

        Assert.Equal(2, survivors.Count);
    }

    [Fact]
    public void A_grain_can_have_two_activations_for_a_while_whose_writes_meet_in_storage()
    {
        int conflicts = 0;
        int duplicates = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var run = new Simulated(seed, Three);
            var x = Simulated.Id("x");
            IEnumerable<SimulatedSilo> Hosts() => run.Cluster.Silos.Where(silo => silo.Grains.Contains(x));
            int acknowledged = run.Call("x", counter => counter.Increment());

            Assert.True(run.Cluster.ForceDuplicateActivation(x));
            Assert.False(run.Cluster.ForceDuplicateActivation(x));
            for (int i = 0; i < 6; i++)
            {
                var outcome = run.Outcome(run.Begin($"via {i}", counter => counter.IncrementOther("x")));
                conflicts += outcome is Storage.InconsistentStateException ? 1 : 0;
                acknowledged += outcome is null ? 1 : 0;
            }

            duplicates += run.Journal.Count("activated x") > 1 ? 1 : 0;
            run.Run(15);
            var host = Assert.Single(Hosts());

            // What is stored is what was acknowledged, whatever either activation believes.
            run.Cluster.CrashSilo(host.Name);
            run.Run(30);
            Assert.Equal(acknowledged, run.Call("x", counter => counter.Get()));
        }

        Assert.InRange(duplicates, 10, 20);
        Assert.InRange(conflicts, 5, 100);
    }

    [Fact]
    public void The_activation_that_loses_is_deactivated()
    {
        HashSet<string> losers = [];
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var run = new Simulated(seed, Three);
            run.Call("x", counter => counter.Where());
            run.Cluster.ForceDuplicateActivation(Simulated.Id("x"));
            for (int i = 0; i < 12; i++)
            {
                run.Call($"via {i}", counter => counter.IncrementOther("x").ContinueWith(_ => 0, TaskScheduler.Current));
            }

            run.Run(15);
            losers.UnionWith(run.Journal.Lines.Where(line => line.EndsWith("DuplicateActivation", StringComparison.Ordinal)));
        }

        Assert.NotEmpty(losers);
    }

    [Fact]
    public void Changes_of_membership_can_duplicate_activations()
    {
        using var run = new Simulated(1, Three);
        run.Cluster.MembershipConditions.DuplicateProbability = 0.5;
        List<SimulationEvent> events = [];
        run.Cluster.Observed += events.Add;
        for (int i = 0; i < 20; i++)
        {
            run.Call($"{i}", counter => counter.Where());
        }

        run.Cluster.StartSilos("d");
        run.Run(15);

        Assert.InRange(events.Count(one => one.Kind == SimulationEventKind.DuplicateBegins), 4, 16);
        Assert.Equal(
            events.Count(one => one.Kind == SimulationEventKind.DuplicateBegins),
            events.Count(one => one.Kind == SimulationEventKind.DuplicateEnds));
    }

    [Fact]
    public void The_management_grain_tells_about_all_silos()
    {
        using var run = new Simulated(11, Three);
        run.Cluster.CrashSilo("b");
        run.Run(30);

        var all = run.Cluster.Call(grains => grains.GetGrain<IManagementGrain>(0).GetHosts());
        var active = run.Cluster.Call(grains => grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true));

        Assert.Equal(3, all.Count);
        Assert.Equal(SiloStatus.Dead, all[run.Silo("b").Address]);
        Assert.Equal(2, active.Count);
    }
}
