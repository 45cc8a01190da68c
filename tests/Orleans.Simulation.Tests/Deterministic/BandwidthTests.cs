namespace Orleans.Simulation.Tests;

/// <summary>Messages travel for 1 s and have the size that they name; all others have none.</summary>
public sealed class BandwidthTests
{
    // Assertions leave some milliseconds for turns, and for reading the state of a grain that is not activated yet.
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact]
    public void A_request_takes_its_size_at_the_sender_and_again_at_the_receiver()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth(SimulatedCluster.ClientName, new(Send: 100, Receive: 1));
        run.Cluster.Network.LimitBandwidth("a", new(Send: 1, Receive: 200));

        // 10 s to leave, 1 s of delay, 5 s to be taken in, and 1 s for the answer, which has no size.
        Assert.InRange(Seconds(run, "x", counter => counter.Bring(1000)), 17, 17.02);
    }

    [Fact]
    public void A_response_takes_the_other_directions()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth(SimulatedCluster.ClientName, new(Send: 1, Receive: 100));
        run.Cluster.Network.LimitBandwidth("a", new(Send: 200, Receive: 1));

        Assert.InRange(Seconds(run, "x", counter => counter.Fetch(1000)), 17, 17.02);
    }

    [Fact]
    public void Messages_leave_one_after_the_other()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth(SimulatedCluster.ClientName, new(Send: 100, Receive: double.PositiveInfinity));

        var ends = Ends(run, 4, "x", counter => counter.Bring(200));

        Assert.All(ends.Index(), end => Assert.InRange(end.Item, (2 * (end.Index + 1)) + 2, (2 * (end.Index + 1)) + 2.02));
    }

    [Fact]
    public void Many_senders_to_one_receiver_wait_for_each_other_there()
    {
        using var run = Start(1, Three);
        foreach (string silo in Three)
        {
            Warm(run, silo);
        }

        // Each silo alone would need 1 s; the client takes in one response in 2 s.
        run.Cluster.Network.Bandwidth = Bandwidth.EachWay(1000);
        run.Cluster.Network.LimitBandwidth(SimulatedCluster.ClientName, new(Send: 1000, Receive: 500));
        var begun = run.Cluster.Now;
        List<double> ends = [];
        Task[] calls =
        [
            .. Three.Select(silo => run.Cluster.Start(async grains =>
            {
                await grains.GetGrain<IPlainCounter>(KeyOn(run, silo)).Fetch(1000);
                ends.Add((run.Cluster.Now - begun).TotalSeconds);
            })),
        ];
        Assert.True(run.Cluster.Run(() => Array.TrueForAll(calls, call => call.IsCompleted), TimeSpan.FromMinutes(1)));

        Assert.InRange(ends[0], 5, 5.02);
        Assert.InRange(ends[1], 7, 7.02);
        Assert.InRange(ends[2], 9, 9.02);
    }

    [Fact]
    public void Only_the_silo_that_is_limited_is_slow()
    {
        using var run = Start(1, "a", "b");
        Warm(run, "a");
        Warm(run, "b");
        run.Cluster.Network.LimitBandwidth("a", Bandwidth.EachWay(100));

        Assert.InRange(Seconds(run, KeyOn(run, "a"), counter => counter.Bring(1000)), 12, 12.02);
        Assert.InRange(Seconds(run, KeyOn(run, "b"), counter => counter.Bring(1000)), 2, 2.02);

        run.Cluster.Network.LiftBandwidthLimit("a");
        Assert.InRange(Seconds(run, KeyOn(run, "a"), counter => counter.Bring(1000)), 2, 2.02);
    }

    [Fact]
    public void One_silo_may_be_unlimited_though_the_others_are_not()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.Bandwidth = Bandwidth.EachWay(100);
        run.Cluster.Network.LimitBandwidth("a", Bandwidth.Unlimited);

        Assert.InRange(Seconds(run, "x", counter => counter.Bring(1000)), 12, 12.02);
        Assert.Equal(Bandwidth.EachWay(100), run.Cluster.Network.BandwidthOf("b"));
    }

    [Fact]
    public void A_new_limit_holds_for_the_rest_of_the_message_that_is_under_way()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth("a", Bandwidth.EachWay(100));
        run.Cluster.After(TimeSpan.FromSeconds(6), () => run.Cluster.Network.LimitBandwidth("a", Bandwidth.EachWay(1000)));

        // After 1 s of delay and 5 s at 100 bytes a second, half of the message is left.
        Assert.InRange(Seconds(run, "x", counter => counter.Bring(1000)), 1 + 5 + 0.5 + 1, 7.52);
    }

    [Fact]
    public void Messages_that_wait_pass_at_once_when_the_limit_is_lifted()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth("a", Bandwidth.EachWay(1e-9));
        Task<int>[] calls = [.. Enumerable.Range(0, 20).Select(i => run.Begin($"{i}", counter => counter.Bring(1000)))];
        run.Run(10);
        Assert.Equal(20, run.Cluster.MessagesInFlight);

        run.Cluster.Network.LiftBandwidthLimit("a");
        run.Run(1.1);

        Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully));
        Assert.Equal(0, run.Cluster.MessagesInFlight);
    }

    [Fact]
    public void What_waits_to_leave_is_lost_in_a_crash()
    {
        using var run = Start(1, "a");
        Warm(run, "a");
        run.Cluster.Network.LimitBandwidth("a", new(Send: 100, Receive: double.PositiveInfinity));
        _ = run.Begin(KeyOn(run, "a"), counter => counter.Fetch(500));
        _ = run.Begin(KeyOn(run, "a"), counter => counter.Fetch(500));
        run.Run(2);
        Assert.Equal(2, run.Cluster.MessagesInFlight);

        run.Cluster.CrashSilo("a");

        Assert.Equal(0, run.Cluster.MessagesInFlight);
    }

    [Fact]
    public void What_waits_to_leave_still_leaves_when_a_silo_has_stopped_in_an_orderly_way()
    {
        using var run = Start(1, "a", "b");
        Warm(run, "a");
        _ = run.Begin(KeyOn(run, "a"), counter => counter.Linger(TimeSpan.FromSeconds(3)));
        run.Run(1.5);
        var waits = run.Begin(KeyOn(run, "a"), counter => counter.Bring(500));
        run.Run(1.5);
        run.Cluster.Network.LimitBandwidth("a", new(Send: 100, Receive: double.PositiveInfinity));
        run.Cluster.StopSilo("a");

        // It hands the request that waits over to the other silo, and ends before that has left.
        run.Run(3);
        Assert.True(run.Silo("a").IsGone);
        Assert.Equal(0, run.Journal.Count("brought"));

        Assert.Null(run.Outcome(waits));
    }

    [Fact]
    public void What_waits_to_be_taken_in_is_lost_with_the_receiver()
    {
        using var run = Start(1, "a");
        run.Cluster.Network.LimitBandwidth("a", Bandwidth.EachWay(100));
        _ = run.Begin("x", counter => counter.Bring(1000));
        _ = run.Begin("y", counter => counter.Bring(1000));
        run.Run(2);

        run.Cluster.CrashSilo("a");

        Assert.Equal(0, run.Cluster.MessagesInFlight);
        run.Run(60);
        Assert.Equal(0, run.Journal.Count("brought"));
    }

    [Fact]
    public void Limits_are_drawn_from_nothing_so_that_the_same_seed_travels_alike()
    {
        List<double> Delays(bool limited)
        {
            using var run = new Simulated(5, "a");
            run.Cluster.Network.Delay = TimeRange.Seconds(1, 3);
            run.Cluster.Network.MessageSize = _ => 100;
            if (limited)
            {
                run.Cluster.Network.Bandwidth = Bandwidth.EachWay(1e6);
            }

            return [.. Enumerable.Range(0, 10).Select(i => Seconds(run, $"{i}", counter => counter.Where()))];
        }

        Assert.All(Delays(true).Zip(Delays(false)), pair => Assert.InRange(pair.First - pair.Second, 0.0003, 0.0005));
    }

    [Fact]
    public void Limits_make_sense()
    {
        using var run = new Simulated(1);
        var network = run.Cluster.Network;

        Assert.Throws<InvalidOperationException>(() => network.Bandwidth = Bandwidth.EachWay(1000));
        network.MessageSize = Size;
        foreach (double rate in (double[])[0, -1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => network.LimitBandwidth("a", Bandwidth.EachWay(rate)));
            Assert.Throws<ArgumentOutOfRangeException>(() => network.Bandwidth = new(1000, rate));
        }
    }

    [Fact]
    public void A_size_that_makes_no_sense_fails_the_run()
    {
        using var run = new Simulated(1, "a");
        run.Cluster.Network.MessageSize = _ => -1;
        run.Cluster.Network.Bandwidth = Bandwidth.EachWay(1000);

        Assert.Throws<SimulationException>(() => run.Call("x", counter => counter.Where()));
    }

    private static long Size(SimulatedPayload payload) => payload switch
    {
        { Kind: SimulatedMessageKind.Request, Method: "ICounter.Bring" } => (int)payload.Arguments[0]!,
        { Kind: SimulatedMessageKind.Response, Method: "ICounter.Fetch", Arguments.Count: 0 } => (int)payload.Result!,
        _ => 0,
    };

    private static Simulated Start(ulong seed, params string[] silos)
    {
        var run = new Simulated(seed, silos);
        run.Cluster.Network.Delay = TimeRange.Seconds(1, 1);
        run.Cluster.Network.MessageSize = Size;
        return run;
    }

    /// <summary>Sees to it that some grain is activated on a silo.</summary>
    private static void Warm(Simulated run, string silo)
    {
        for (int i = 0; run.Silo(silo).Grains.Count == 0; i++)
        {
            run.Call($"{silo} {i}", counter => counter.Where());
        }
    }

    private static string KeyOn(Simulated run, string silo) => run.Silo(silo).Grains[0].Key.ToString();

    private static double Seconds(Simulated run, string key, Func<ICounter, Task> call)
    {
        var before = run.Cluster.Now;
        run.Cluster.Call(grains => call(grains.GetGrain<IPlainCounter>(key)));
        return (run.Cluster.Now - before).TotalSeconds;
    }

    /// <summary>When calls end that begin at the same time, in seconds and in their order.</summary>
    private static List<double> Ends(Simulated run, int count, string key, Func<ICounter, Task> call)
    {
        var begun = run.Cluster.Now;
        List<double> ends = [];
        for (int i = 0; i < count; i++)
        {
            _ = run.Cluster.Start(async grains =>
            {
                await call(grains.GetGrain<IPlainCounter>(key));
                ends.Add((run.Cluster.Now - begun).TotalSeconds);
            });
        }

        Assert.True(run.Cluster.Run(() => ends.Count == count, TimeSpan.FromMinutes(1)));
        return ends;
    }
}
