using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Simulation.Tests;

public sealed class SimulatedStorageTests
{
    [Fact]
    public void A_counter_survives_crashes_and_loses_nothing_that_was_acknowledged()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            using var run = new Simulated(seed, "a", "b");
            var faults = run.Cluster.CreateRandom("faults");
            int acknowledged = 0;
            var done = run.Cluster.Start(async grains =>
            {
                for (int i = 0; i < 20; i++)
                {
                    try
                    {
                        int value = await grains.GetGrain<IPlainCounter>("x").IncrementHastily();
                        Assert.InRange(value, acknowledged + 1, i + 1);
                        acknowledged++;
                    }
                    catch (Exception exception) when (exception is TimeoutException or OrleansException)
                    {
                    }

                    await Task.Delay(TimeSpan.FromSeconds(1), run.Cluster.Time);
                }
            });
            foreach (string name in (string[])["a", "b", "a", "b"])
            {
                run.Cluster.Run(faults.NextTime(TimeRange.Seconds(1, 8)));
                run.Cluster.CrashSilo(name);
                run.Cluster.Run(faults.NextTime(TimeRange.Seconds(0, 3)));
                run.Cluster.StartSilo(name);
            }

            Assert.Null(run.Outcome(done, 600));
            run.Run(60);
            Assert.InRange(run.Call("x", counter => counter.Get()), Math.Max(acknowledged, 1), run.Journal.Count("incremented"));
        }
    }

    [Fact]
    public void Storage_takes_virtual_time()
    {
        using var run = new Simulated(1, "a");
        run.Call("x", counter => counter.Get());
        run.Cluster.Storage.Delay = TimeRange.Seconds(3, 3);
        var before = run.Cluster.Now;

        run.Call("x", counter => counter.Increment());

        Assert.InRange((run.Cluster.Now - before).TotalSeconds, 6, 6.1);
    }

    [Fact]
    public void A_write_that_is_refused_changes_nothing()
    {
        using var run = new Simulated(1, "a");
        var exception = Write(run, StorageOutcome.Refused);

        Assert.Contains("refused to Write", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, Stored(run));
    }

    [Fact]
    public void A_conflict_ends_the_activation()
    {
        using var run = new Simulated(1, "a");

        Assert.IsType<InconsistentStateException>(Write(run, StorageOutcome.Conflict));

        run.Run(1);
        Assert.Equal(1, run.Journal.Count("deactivated x on a ApplicationError"));
        Assert.Equal(0, run.Call("x", counter => counter.Get()));
    }

    [Fact]
    public void A_write_whose_request_is_lost_times_out_and_changes_nothing()
    {
        using var run = new Simulated(1, "a");

        Assert.IsType<TimeoutException>(Write(run, StorageOutcome.RequestLost).InnerException);

        Assert.Equal(0, Stored(run));
    }

    [Fact]
    public void A_write_whose_acknowledgement_is_lost_times_out_and_conflicts_with_the_next()
    {
        using var run = new Simulated(1, "a");

        Assert.IsType<TimeoutException>(Write(run, StorageOutcome.AcknowledgementLost).InnerException);

        Assert.IsType<InconsistentStateException>(run.Outcome(run.Begin("x", counter => counter.Increment())));
        Assert.Equal(1, run.Call("x", counter => counter.Get()));
    }

    [Fact]
    public void The_last_write_of_a_silo_that_crashes_is_executed_or_not()
    {
        HashSet<int> stored = [];
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var run = new Simulated(seed, "a");
            run.Call("x", counter => counter.Get());
            run.Cluster.Storage.Delay = TimeRange.Seconds(1, 1);
            _ = run.Begin("x", counter => counter.Increment());
            run.Run(0.5);
            stored.Add(Stored(run));
        }

        Assert.Equal([0, 1], stored.Order());
    }

    [Fact]
    public void The_probabilities_are_those_of_operations()
    {
        using var run = new Simulated(1, "a");
        run.Call("x", counter => counter.Get());
        run.Cluster.Storage.RefusalProbability = 0.25;

        int refused = Enumerable.Range(0, 200).Count(_ => run.Outcome(run.Begin("x", counter => counter.Increment())) is not null);

        Assert.InRange(refused, 30, 70);
    }

    private static Exception Write(Simulated run, StorageOutcome outcome)
    {
        run.Call("x", counter => counter.Get());
        run.Cluster.Storage.Decide = operation => operation.Kind == StorageOperationKind.Write ? outcome : null;
        var exception = run.Outcome(run.Begin("x", counter => counter.Increment()));
        run.Cluster.Storage.Decide = null;
        return exception!;
    }

    /// <summary>What a new activation reads, after the silo has gone.</summary>
    private static int Stored(Simulated run)
    {
        run.Cluster.CrashSilo("a");
        run.Run(5);
        run.Cluster.StartSilos("a");
        return run.Call("x", counter => counter.Get());
    }
}
