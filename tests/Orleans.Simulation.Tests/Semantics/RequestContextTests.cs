using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class RequestContextTests
{
    [Fact]
    public async Task Values_flow_with_calls_and_not_back()
    {
        await using var host = await GrainHost.StartAsync();
        RequestContext.Set("who", "client");
        var grain = host.Grains.GetGrain<IContextual>("flow");

        Assert.Equal("client,changed,client", await grain.Chain(host.Grains.GetGrain<IContextual>("flow 2")));

        Assert.Equal("client", RequestContext.Get("who"));
        Assert.True(RequestContext.Remove("who"));
        Assert.Equal("none", await grain.Read());
    }

    [Fact]
    public async Task Requests_that_interleave_keep_their_values_apart()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IContextual>("apart");

        string[] seen = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            RequestContext.Set("who", $"caller {i}");
            return await grain.ReadAfterAWhile();
        }));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"caller {i}"), seen);
    }

    internal interface IContextual : IGrainWithStringKey
    {
        Task<string> Chain(IContextual next);

        Task<string> Read();

        [AlwaysInterleave]
        Task<string> ReadAfterAWhile();

        Task Overwrite();
    }

    internal sealed class Contextual : Grain, IContextual
    {
        public async Task<string> Chain(IContextual next)
        {
            string before = await Read();
            RequestContext.Set("who", "changed");
            string inner = await next.Read();
            RequestContext.Set("who", before);
            await next.Overwrite();
            return $"{before},{inner},{await Read()}";
        }

        public Task<string> Read() => Task.FromResult((string?)RequestContext.Get("who") ?? "none");

        public async Task<string> ReadAfterAWhile()
        {
            for (int i = 0; i < 5; i++)
            {
                await Task.Yield();
            }

            return await Read();
        }

        public Task Overwrite()
        {
            RequestContext.Set("who", "callee");
            return Task.CompletedTask;
        }
    }
}
