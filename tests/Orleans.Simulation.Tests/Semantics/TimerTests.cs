using Orleans.Runtime;

namespace Orleans.Simulation.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_timer_ticks_when_it_is_due_and_then_every_period()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITicking>("ticks");
        await grain.Start(Period, Period, interleave: false);

        Assert.Equal(0, await grain.Ticks());
        for (int expected = 1; expected <= 3; expected++)
        {
            await host.AdvanceAsync(Period);
            Assert.Equal(expected, await grain.Ticks());
        }
    }

    [Fact]
    public async Task A_timer_without_a_period_ticks_once()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITicking>("once");
        await grain.Start(Period, Timeout.InfiniteTimeSpan, interleave: false);

        await host.AdvanceAsync(Period);
        Assert.Equal(1, await grain.Ticks());
        await host.AdvanceAsync(10 * Period);

        Assert.Equal(1, await grain.Ticks());
    }

    [Fact]
    public async Task Ticks_wait_for_requests_unless_they_interleave()
    {
        await using var host = await GrainHost.StartAsync();
        foreach (bool interleave in new[] { false, true })
        {
            var grain = host.Grains.GetGrain<ITicking>($"waits {interleave}");
            await grain.Start(Period, Period, interleave);
            var request = grain.TicksDuring();
            await Signals.Wait($"waits {interleave} inside");
            await host.AdvanceAsync(Period);
            if (interleave)
            {
                await Signals.Wait($"waits {interleave} tick 1");
            }

            Signals.Set($"waits {interleave} leave");
            Assert.Equal(interleave ? 1 : 0, await request);
            Assert.Equal(1, await grain.Ticks());
        }
    }

    [Fact]
    public async Task A_changed_timer_ticks_at_its_new_time_and_a_disposed_one_no_more()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITicking>("change");
        await grain.Start(Period, Period, interleave: false);

        await grain.Change(3 * Period, Period);
        await host.AdvanceAsync(2 * Period);
        Assert.Equal(0, await grain.Ticks());
        await host.AdvanceAsync(Period);
        Assert.Equal(1, await grain.Ticks());
        await grain.Stop();
        await host.AdvanceAsync(5 * Period);

        Assert.Equal(1, await grain.Ticks());
    }

    [Fact]
    public async Task A_timer_that_fails_goes_on_ticking()
    {
        await using var host = await GrainHost.StartAsync();
        var grain = host.Grains.GetGrain<ITicking>("fails");
        await grain.StartFailing(Period);

        await host.AdvanceAsync(Period);
        Assert.Equal(1, await grain.Ticks());
        await host.AdvanceAsync(Period);

        Assert.Equal(2, await grain.Ticks());
    }

    internal interface ITicking : IGrainWithStringKey
    {
        Task Start(TimeSpan due, TimeSpan period, bool interleave);

        Task StartFailing(TimeSpan period);

        Task Change(TimeSpan due, TimeSpan period);

        Task Stop();

        Task<int> Ticks();

        Task<int> TicksDuring();
    }

    internal sealed class Ticking : Grain, ITicking
    {
        private IGrainTimer? _timer;
        private int _ticks;

        public Task Start(TimeSpan due, TimeSpan period, bool interleave)
        {
            _timer = this.RegisterGrainTimer(
                async token =>
                {
                    token.ThrowIfCancellationRequested();
                    await Task.Yield();
                    _ticks++;
                    Signals.Set($"{this.GetPrimaryKeyString()} tick {_ticks}");
                },
                new GrainTimerCreationOptions(due, period) { Interleave = interleave });
            return Task.CompletedTask;
        }

        public Task StartFailing(TimeSpan period)
        {
            _timer = this.RegisterGrainTimer(
                () =>
                {
                    _ticks++;
                    throw new InvalidOperationException("A tick fails.");
                },
                period,
                period);
            return Task.CompletedTask;
        }

        public Task Change(TimeSpan due, TimeSpan period)
        {
            _timer!.Change(due, period);
            return Task.CompletedTask;
        }

        public Task Stop()
        {
            _timer!.Dispose();
            return Task.CompletedTask;
        }

        public Task<int> Ticks() => Task.FromResult(_ticks);

        public async Task<int> TicksDuring()
        {
            Signals.Set($"{this.GetPrimaryKeyString()} inside");
            await Signals.Wait($"{this.GetPrimaryKeyString()} leave");
            return _ticks;
        }
    }
}
