namespace Orleans.Simulation.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task A_call_returns_what_the_grain_returns()
    {
        await using var host = await GrainHost.StartAsync();
        var counter = host.Grains.GetGrain<ICounter>("a");

        Assert.Equal(3, await counter.Add(3));
        Assert.Equal(5, await counter.Add(2));
        Assert.Equal(1, await host.Grains.GetGrain<ICounter>("b").Add(1));
    }

    [Fact]
    public async Task Grains_call_grains()
    {
        await using var host = await GrainHost.StartAsync();
        var relay = host.Grains.GetGrain<IRelay>(7);

        Assert.Equal("7:11", await relay.Through(host.Grains.GetGrain<ICounter>("c"), 11));
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type_and_stack()
    {
        await using var host = await GrainHost.StartAsync();

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => host.Grains.GetGrain<ICounter>("d").Fail("bad"));

        Assert.Equal("bad", exception.Message);
        Assert.Contains(nameof(Counter), exception.StackTrace, StringComparison.Ordinal);
    }

    internal interface ICounter : IGrainWithStringKey
    {
        Task<int> Add(int value);

        Task Fail(string message);
    }

    internal interface IRelay : IGrainWithIntegerKey
    {
        ValueTask<string> Through(ICounter counter, int value);
    }

    internal sealed class Counter : Grain, ICounter
    {
        private int _sum;

        public Task<int> Add(int value) => Task.FromResult(_sum += value);

        public async Task Fail(string message)
        {
            await Task.Yield();
            throw new InvalidDataException(message);
        }
    }

    internal sealed class Relay : Grain, IRelay
    {
        public async ValueTask<string> Through(ICounter counter, int value) => $"{this.GetPrimaryKeyLong()}:{await counter.Add(value)}";
    }
}
