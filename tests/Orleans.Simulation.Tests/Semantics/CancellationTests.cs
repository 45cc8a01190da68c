using Orleans.Concurrency;

namespace Orleans.Simulation.Tests;

public sealed class CancellationTests
{
    [Fact]
    public async Task Cancelling_ends_the_wait_and_tells_the_grain()
    {
        await using var host = await GrainHost.StartAsync();
        using var source = new CancellationTokenSource();
        var call = host.Grains.GetGrain<IPatient>("cancel").WaitForever("cancel", source.Token);
        await Signals.Wait("cancel started");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Signals.Wait("cancel cancelled");
    }

    [Fact]
    public async Task A_call_with_a_cancelled_token_is_not_made()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPatient>("dead");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await grain.WaitForever("dead", new CancellationToken(true)));

        Assert.Equal(0, await grain.Calls());
    }

    [Fact]
    public async Task A_call_that_takes_too_long_times_out_though_it_goes_on()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPatient>("late");
        var call = grain.WaitBriefly("late");
        await Signals.Wait("late started");

        await host.AdvanceAsync(TimeSpan.FromMilliseconds(400));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Signals.Set("late leave");
        await Signals.Wait("late ended");
    }

    [Fact]
    public async Task A_one_way_call_does_not_wait_and_hides_failures()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IPatient>("oneway");

        await grain.Tell("oneway");

        await Signals.Wait("oneway told");
        Assert.Equal(1, await grain.Calls());
    }

    internal interface IPatient : IGrainWithStringKey
    {
        Task WaitForever(string name, CancellationToken cancellationToken);

        [ResponseTimeout("00:00:00.200")]
        Task WaitBriefly(string name);

        [OneWay]
        Task Tell(string name);

        Task<int> Calls();
    }

    internal sealed class Patient : Grain, IPatient
    {
        private int _calls;

        public async Task WaitForever(string name, CancellationToken cancellationToken)
        {
            _calls++;
            Signals.Set($"{name} started");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Signals.Set($"{name} cancelled");
            }
        }

        public async Task WaitBriefly(string name)
        {
            Signals.Set($"{name} started");
            await Signals.Wait($"{name} leave");
            Signals.Set($"{name} ended");
        }

        public Task Tell(string name)
        {
            _calls++;
            Signals.Set($"{name} told");
            throw new InvalidOperationException("Nobody hears this.");
        }

        public Task<int> Calls() => Task.FromResult(_calls);
    }
}
