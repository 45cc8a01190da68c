using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class StreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task All_elements_arrive_in_order(int batchSize)
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IStreaming>($"all {batchSize}");

        List<int> elements = [];
        await foreach (int element in grain.Count(10, fail: false).WithBatchSize(batchSize))
        {
            elements.Add(element);
        }

        Assert.Equal(Enumerable.Range(0, 10), elements);
    }

    [Fact]
    public async Task A_caller_that_stops_early_ends_the_stream()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IStreaming>("early");

        await foreach (int element in grain.Count(int.MaxValue, fail: false).WithBatchSize(2))
        {
            if (element == 5)
            {
                break;
            }
        }

        await Signals.Wait("early disposed");
    }

    [Fact]
    public async Task An_exception_comes_after_the_elements_before_it()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IStreaming>("fails");

        List<int> elements = [];
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (int element in grain.Count(3, fail: true))
            {
                elements.Add(element);
            }
        });

        Assert.Equal([0, 1, 2], elements);
    }

    [Fact]
    public async Task Cancelling_ends_a_stream_that_has_nothing_to_say()
    {
        await using var host = await GrainHost.StartAsync();
        using var source = new CancellationTokenSource();
        var enumeration = host.Grains.GetGrain<IStreaming>("silent").Silence(source.Token).GetAsyncEnumerator(source.Token);
        var next = enumeration.MoveNextAsync();
        await Signals.Wait("silent started");
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        await Signals.Wait("silent disposed");
    }

    [Fact]
    public async Task A_stream_lets_other_requests_through()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IStreaming>("open");
        await using var stream = grain.Silence(CancellationToken.None).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = stream.MoveNextAsync();
        await Signals.Wait("open started");

        Assert.Equal(1, await grain.One());
        Signals.Set("open continue");

        Assert.True(await next);
        Assert.Equal(42, stream.Current);
    }

    internal interface IStreaming : IGrainWithStringKey
    {
        IAsyncEnumerable<int> Count(int limit, bool fail);

        IAsyncEnumerable<int> Silence(CancellationToken cancellationToken);

        Task<int> One();
    }

    internal sealed class Streaming : Grain, IStreaming
    {
        public async IAsyncEnumerable<int> Count(int limit, bool fail)
        {
            try
            {
                for (int i = 0; i < limit; i++)
                {
                    if (i % 4 == 3)
                    {
                        await Task.Yield();
                    }

                    yield return i;
                }

                if (fail)
                {
                    throw new InvalidDataException("The stream fails.");
                }
            }
            finally
            {
                Signals.Set($"{this.GetPrimaryKeyString()} disposed");
            }
        }

        public async IAsyncEnumerable<int> Silence([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            string id = this.GetPrimaryKeyString();
            try
            {
                Signals.Set($"{id} started");
                await Signals.Wait($"{id} continue").WaitAsync(cancellationToken);
                yield return 42;
            }
            finally
            {
                Signals.Set($"{id} disposed");
            }
        }

        public Task<int> One() => Task.FromResult(1);
    }
}
