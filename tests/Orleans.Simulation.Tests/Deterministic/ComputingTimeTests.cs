using Orleans.Concurrency;

namespace Orleans.Simulation.Tests;

public sealed class ComputingTimeTests
{
    [Fact]
    public void Requests_of_one_activation_take_their_time_one_after_the_other()
    {
        using var run = Start(1);
        run.Call("x", counter => counter.Where());
        var begun = run.Cluster.Now;
        Task<int>[] calls = [.. Enumerable.Range(0, 5).Select(_ => run.Begin("x", counter => counter.Bring(2)))];
        List<double> ends = [];
        foreach (int count in Enumerable.Range(1, calls.Length))
        {
            Assert.True(run.Cluster.Run(() => calls.Count(call => call.IsCompleted) == count, TimeSpan.FromMinutes(1)));
            ends.Add((run.Cluster.Now - begun).TotalSeconds);
        }

        Assert.All(ends.Index(), end => Assert.InRange(end.Item, 2 * (end.Index + 1), (2 * (end.Index + 1)) + 0.01));
    }

    [Fact]
    public void Activations_take_their_time_side_by_side()
    {
        using var run = Start(1);
        var begun = run.Cluster.Now;
        Task<int>[] calls = [.. Enumerable.Range(0, 5).Select(i => run.Begin($"{i}", counter => counter.Bring(2)))];

        Assert.True(run.Cluster.Run(() => Array.TrueForAll(calls, call => call.IsCompleted), TimeSpan.FromMinutes(1)));

        Assert.InRange((run.Cluster.Now - begun).TotalSeconds, 2, 2.02);
    }

    [Fact]
    public void An_activation_handles_nothing_else_meanwhile()
    {
        using var run = Start(1);
        List<(double Time, string What)> lines = [];
        var begun = run.Cluster.Now;
        run.Cluster.TurnEnded += turn =>
        {
            if (turn.Instance is Interleaver { Last: { } last })
            {
                lines.Add(((run.Cluster.Now - begun).TotalSeconds, last));
            }
        };
        var interleaver = run.Cluster.Start(async grains =>
        {
            var grain = grains.GetGrain<IInterleaver>("x");
            await grain.Tick(TimeSpan.FromSeconds(1));
            begun = run.Cluster.Now;
            var waits = grain.Wait(TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromSeconds(0.5), run.Cluster.Time);
            var computes = grain.Compute(5);
            await Task.Delay(TimeSpan.FromSeconds(0.5), run.Cluster.Time);
            await grain.Look();
            await Task.WhenAll(waits, computes);
        });

        Assert.Null(run.Outcome(interleaver));

        // From 0.5 s on, for 5 s: no tick, no continuation of the method that waits, and no request that may interleave.
        var silent = lines.Where(line => line.Time is > 0.6 and < 5.4);
        Assert.Empty(silent);
        Assert.Equal("Compute", lines.First(line => line.Time > 5.4).What);
        Assert.Contains(lines, line => line is { Time: > 5.4, What: "Look" });
        Assert.Contains(lines, line => line is { Time: > 5.4, What: "Wait" });
        Assert.Contains(lines, line => line is { Time: > 5.4, What: "Tick" });
    }

    [Fact]
    public void Requests_that_are_released_together_still_take_their_time_one_after_the_other()
    {
        // Reentrant requests that wait for the grain's activation, which takes a second, may all start in the turn after it.
        using var run = Start(1);
        var begun = run.Cluster.Now;
        Task[] calls = [.. Enumerable.Range(0, 4).Select(_ => run.Cluster.Start(grains => grains.GetGrain<IInterleaver>("x").Compute(3)))];

        Assert.True(run.Cluster.Run(() => Array.TrueForAll(calls, call => call.IsCompleted), TimeSpan.FromMinutes(1)));

        Assert.InRange((run.Cluster.Now - begun).TotalSeconds, 13, 13.02);
    }

    [Fact]
    public void A_silo_that_stands_still_or_crashes_meanwhile_does_not_begin_the_method()
    {
        using var run = Start(1);
        run.Call("x", counter => counter.Where());
        var call = run.Begin("x", counter => counter.Bring(2));
        run.Run(1);
        run.Cluster.PauseSilo("a");
        run.Run(4);
        Assert.Equal(0, run.Journal.Count("brought"));
        run.Cluster.ResumeSilo("a");
        Assert.Null(run.Outcome(call, 1));

        _ = run.Begin("x", counter => counter.Bring(2));
        run.Run(1);
        run.Cluster.CrashSilo("a");
        run.Run(10);
        Assert.Equal(1, run.Journal.Count("brought"));
    }

    [Fact]
    public void The_function_is_told_which_request_it_is()
    {
        List<SimulatedRequest> requests = [];
        using var run = new Simulated(1, 0.001, ["a"], request =>
        {
            requests.Add(request);
            return TimeSpan.Zero;
        });

        run.Call("x", counter => counter.Bring(7));

        var request = Assert.Single(requests);
        Assert.Equal(("a", Simulated.Id("x"), "ICounter.Bring"), (request.Silo, request.Grain, request.Method));
        Assert.Equal([7], request.Arguments);
    }

    [Fact]
    public void A_function_that_throws_fails_the_run()
    {
        using var run = new Simulated(1, 0.001, ["a"], _ => throw new InvalidDataException("It went wrong."));

        Assert.Throws<SimulationException>(() => run.Call("x", counter => counter.Bring(7)));
    }

    /// <summary>A silo where requests take as many seconds as their argument says.</summary>
    private static Simulated Start(ulong seed) => new(
        seed,
        0.001,
        ["a"],
        request => TimeSpan.FromSeconds(request.Method is "ICounter.Bring" or "IInterleaver.Compute" ? (int)request.Arguments[0]! : 0));
}

internal interface IInterleaver : IGrainWithStringKey
{
    Task Tick(TimeSpan period);

    Task Wait(TimeSpan time);

    Task Compute(int seconds);

    Task Look();
}

/// <summary>Lets requests interleave, and keeps what it did in its last turn.</summary>
[Reentrant]
internal sealed class Interleaver(TimeProvider time) : Grain, IInterleaver
{
    public string? Last { get; private set; }

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);

    public Task Tick(TimeSpan period)
    {
        this.RegisterGrainTimer(() => Done(nameof(Tick)), period, period);
        return Task.CompletedTask;
    }

    public async Task Wait(TimeSpan duration)
    {
        await Task.Delay(duration, time);
        await Done(nameof(Wait));
    }

    public Task Compute(int seconds) => Done(nameof(Compute));

    public Task Look() => Done(nameof(Look));

    private Task Done(string what)
    {
        Last = what;
        return Task.CompletedTask;
    }
}
