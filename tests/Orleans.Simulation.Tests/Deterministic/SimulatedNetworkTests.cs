namespace Orleans.Simulation.Tests;

public sealed class SimulatedNetworkTests
{
    [Fact]
    public void A_call_takes_virtual_time_and_no_other()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Delay = TimeRange.Seconds(2, 2);
        var before = run.Cluster.Now;

        Assert.Equal("a", run.Call("x", counter => counter.Where()));

        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 4, 4.1);
    }

    [Fact]
    public void A_request_that_is_lost_times_out_and_was_not_executed()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Loses = message => message.Kind == SimulatedMessageKind.Request;
        var before = run.Cluster.Now;

        Assert.IsType<TimeoutException>(run.Outcome(run.Begin("x", counter => counter.Increment())));

        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 30, 30.1);
        Assert.Equal(0, run.Journal.Count("incremented"));
    }

    [Fact]
    public void A_response_that_is_lost_times_out_though_the_call_was_executed()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Loses = message => message is { Kind: SimulatedMessageKind.Response, Method: "ICounter.IncrementHastily" };
        var before = run.Cluster.Now;

        Assert.IsType<TimeoutException>(run.Outcome(run.Begin("x", counter => counter.IncrementHastily())));

        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 3, 3.1);
        Assert.Equal(1, run.Call("x", counter => counter.Get()));
    }

    [Fact]
    public void Messages_are_delivered_once_at_most()
    {
        using var run = new Simulated(5, "a", "b", "c");
        run.Cluster.Network.LossProbability = 0.3;
        Task<int>[] calls = [.. Enumerable.Range(0, 200).Select(i => run.Begin($"{i}", counter => counter.Increment()))];

        run.Run(60);

        int answered = calls.Count(call => call.IsCompletedSuccessfully);
        int executed = run.Journal.Count("incremented");
        Assert.Equal(200, calls.Count(call => call.IsCompleted));
        Assert.InRange(answered, 60, 140);
        Assert.InRange(executed, answered + 1, 200);
        Assert.Equal(executed, run.Journal.Lines.Where(line => line.StartsWith("inc", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public void What_another_silo_gets_may_be_made_anew()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Transfer = value => value is int number ? number * 10 : value;

        // There and back; what stays within the silo is as it was.
        Assert.Equal(700, run.Call("x", counter => counter.Fetch(7)));
        Assert.Equal(10, run.Call("x", counter => counter.IncrementOther("y")));

        run.Cluster.Network.Transfer = null;
        Assert.Equal(7, run.Call("x", counter => counter.Fetch(7)));
    }

    [Fact]
    public void Messages_overtake_each_other()
    {
        using var run = new Simulated(1, "a");
        run.Call("x", counter => counter.Where());
        run.Call("y", counter => counter.Where());
        List<string> answers = [];
        Task Begin(string key) => run.Cluster.Start(async grains =>
        {
            await grains.GetGrain<IPlainCounter>(key).Where();
            answers.Add(key);
        });

        for (int i = 0; i < 20; i++)
        {
            var x = Begin("x");
            var y = Begin("y");
            Assert.True(run.Cluster.Run(() => x.IsCompleted && y.IsCompleted, TimeSpan.FromSeconds(1)));
        }

        Assert.Contains(answers.Chunk(2), pair => pair[0] == "x");
        Assert.Contains(answers.Chunk(2), pair => pair[0] == "y");
    }

    [Fact]
    public void A_partition_in_one_direction_loses_the_responses_only()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Partition("a", SimulatedCluster.ClientName, oneWay: true);

        Assert.IsType<TimeoutException>(run.Outcome(run.Begin("x", counter => counter.Increment())));

        Assert.Equal(1, run.Journal.Count("incremented"));
    }

    [Fact]
    public void A_partition_loses_requests_until_it_heals()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Partition("a", SimulatedCluster.ClientName);

        Assert.IsType<TimeoutException>(run.Outcome(run.Begin("x", counter => counter.Increment())));
        Assert.Equal(0, run.Journal.Count("incremented"));

        run.Cluster.Heal();
        Assert.Equal(1, run.Call("x", counter => counter.Increment()));
    }

    [Fact]
    public void Messages_on_their_way_are_lost_in_a_partition()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.Delay = TimeRange.Seconds(2, 2);
        var call = run.Begin("x", counter => counter.Increment());
        run.Run(1);

        run.Cluster.Partition("a", SimulatedCluster.ClientName);

        Assert.IsType<TimeoutException>(run.Outcome(call));
        Assert.Equal(0, run.Journal.Count("incremented"));
    }

    [Fact]
    public void A_cluster_without_silos_is_unavailable()
    {
        using var run = new Simulated(1);

        Assert.IsType<Runtime.SiloUnavailableException>(run.Outcome(run.Begin("x", counter => counter.Where())));
    }
}
