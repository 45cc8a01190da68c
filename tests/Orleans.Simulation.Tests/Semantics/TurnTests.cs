using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task Turns_of_a_grain_never_run_at_the_same_time()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IBusy>("turns");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => grain.CountInterleaved(20))));

        Assert.Equal(200 * 20, await grain.Count());
        Assert.Equal(1, await grain.MostAtOnce());
    }

    [Fact]
    public async Task Code_after_an_await_runs_on_the_scheduler_of_the_activation()
    {
        await using var host = await GrainHost.StartAsync();

        Assert.True(await host.Grains.GetGrain<IBusy>("scheduler").StaysOnItsScheduler());
    }

    [Fact]
    public async Task A_request_waits_until_the_one_before_has_ended()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IGated>("plain");

        Assert.Equal(["+first", "-first", "+second", "-second"], await RunTwo(grain, grain.Enter, grain.Enter, overlap: false));
    }

    [Fact]
    public async Task Requests_that_always_interleave_start_at_once()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IGated>("always");

        Assert.Equal(["+first", "+second", "-second", "-first"], await RunTwo(grain, grain.Enter, grain.EnterAlways, overlap: true));
    }

    [Fact]
    public async Task Read_only_requests_interleave_with_each_other()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IGated>("reading");

        Assert.Equal(["+first", "+second", "-second", "-first"], await RunTwo(grain, grain.EnterReading, grain.EnterReading, overlap: true));
    }

    [Fact]
    public async Task Read_only_requests_wait_for_others()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IGated>("writing");

        Assert.Equal(["+first", "-first", "+second", "-second"], await RunTwo(grain, grain.Enter, grain.EnterReading, overlap: false));
    }

    [Fact]
    public async Task Requests_of_a_reentrant_grain_interleave()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<IReentrantGated>("reentrant");

        Assert.Equal(["+first", "+second", "-second", "-first"], await RunTwo(grain, grain.Enter, grain.Enter, overlap: true));
    }

    [Fact]
    public async Task Calls_in_a_circle_time_out()
    {
        await using var host = await GrainHost.StartAsync();
        var first = host.Grains.GetGrain<ICircle>("timeout-a");

        var call = first.CallThrough(host.Grains.GetGrain<ICircle>("timeout-b"), mayReenter: false);
        await Signals.Wait("circle timeout-b");
        await host.AdvanceAsync(TimeSpan.FromMilliseconds(400));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task Calls_in_a_circle_come_back_where_that_is_allowed()
    {
        await using var host = await GrainHost.StartAsync();
        var first = host.Grains.GetGrain<ICircle>("reenter-a");

        Assert.Equal("reenter-a", await first.CallThrough(host.Grains.GetGrain<ICircle>("reenter-b"), mayReenter: true));
    }

    private static async Task<string[]> RunTwo(IGated grain, Func<string, Task> first, Func<string, Task> second, bool overlap)
    {
        string id = grain.GetPrimaryKeyString();
        var firstCall = first("first");
        await Signals.Wait($"{id} first entered");
        var secondCall = second("second");
        if (overlap)
        {
            await Signals.Wait($"{id} second entered");
            Signals.Set($"{id} second leave");
            await secondCall;
        }

        Signals.Set($"{id} first leave");
        Signals.Set($"{id} second leave");
        await Task.WhenAll(firstCall, secondCall);
        return [.. await grain.Log()];
    }

    internal interface IBusy : IGrainWithStringKey
    {
        [AlwaysInterleave]
        Task CountInterleaved(int times);

        Task<int> Count();

        Task<int> MostAtOnce();

        Task<bool> StaysOnItsScheduler();
    }

    internal interface IGated : IGrainWithStringKey
    {
        Task Enter(string name);

        [AlwaysInterleave]
        Task EnterAlways(string name);

        [ReadOnly]
        Task EnterReading(string name);

        Task<System.Collections.Immutable.ImmutableArray<string>> Log();
    }

    internal interface IReentrantGated : IGated
    {
    }

    internal interface ICircle : IGrainWithStringKey
    {
        Task<string> CallThrough(ICircle other, bool mayReenter);

        [ResponseTimeout("00:00:00.300")]
        Task<string> CallBack(ICircle first);

        [ResponseTimeout("00:00:00.200")]
        Task<string> Name();
    }

    internal sealed class Busy : Grain, IBusy
    {
        private int _count;
        private int _atOnce;
        private int _mostAtOnce;

        public async Task CountInterleaved(int times)
        {
            for (int i = 0; i < times; i++)
            {
                int atOnce = Interlocked.Increment(ref _atOnce);
                _mostAtOnce = Math.Max(_mostAtOnce, atOnce);
                _count++;
                _ = Interlocked.Decrement(ref _atOnce);
                await Task.Yield();
            }
        }

        public Task<int> Count() => Task.FromResult(_count);

        public Task<int> MostAtOnce() => Task.FromResult(_mostAtOnce);

        public async Task<bool> StaysOnItsScheduler()
        {
            var scheduler = TaskScheduler.Current;
            bool stays = scheduler != TaskScheduler.Default;
            await Task.Yield();
            stays &= TaskScheduler.Current == scheduler;
            await Task.Run(() => { });
            stays &= TaskScheduler.Current == scheduler;
            await Task.WhenAll(Task.Run(() => { }), GrainFactory.GetGrain<IBusy>("other").Count());
            return stays && TaskScheduler.Current == scheduler;
        }
    }

    internal class Gated : Grain, IGated
    {
        private readonly List<string> _log = [];

        public async Task Enter(string name)
        {
            string id = this.GetPrimaryKeyString();
            _log.Add($"+{name}");
            Signals.Set($"{id} {name} entered");
            await Signals.Wait($"{id} {name} leave");
            _log.Add($"-{name}");
        }

        public Task EnterAlways(string name) => Enter(name);

        public Task EnterReading(string name) => Enter(name);

        public Task<System.Collections.Immutable.ImmutableArray<string>> Log() =>
            Task.FromResult(System.Collections.Immutable.ImmutableArray.Create(_log.ToArray()));
    }

    [Reentrant]
    internal sealed class ReentrantGated : Gated, IReentrantGated
    {
    }

    internal sealed class Circle : Grain, ICircle
    {
        public async Task<string> CallThrough(ICircle other, bool mayReenter)
        {
            if (!mayReenter)
            {
                return await other.CallBack(this.AsReference<ICircle>());
            }

            using (RequestContext.AllowCallChainReentrancy())
            {
                return await other.CallBack(this.AsReference<ICircle>());
            }
        }

        public async Task<string> CallBack(ICircle first)
        {
            var call = first.Name();
            Signals.Set($"circle {this.GetPrimaryKeyString()}");
            return await call;
        }

        public Task<string> Name() => Task.FromResult(this.GetPrimaryKeyString());
    }
}
