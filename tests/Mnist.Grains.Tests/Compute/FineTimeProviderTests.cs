using System.Collections.Concurrent;
using Mnist.Grains.Compute;

namespace Mnist.Grains.Tests.Compute;

public sealed class FineTimeProviderTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(0.5);
    private readonly FineTimeProvider _time = new();

    public void Dispose() => _time.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(5.7)]
    public async Task A_timer_fires_when_it_is_due_and_not_before(double milliseconds)
    {
        var fired = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = _time.GetTimestamp();

        using var timer = _time.CreateTimer(
            _ => fired.TrySetResult(_time.GetElapsedTime(begun)), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);

        var elapsed = await fired.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.InRange(elapsed, TimeSpan.FromMilliseconds(milliseconds) - Rounding, Patience);
    }

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times_and_get_their_states()
    {
        var fired = new ConcurrentQueue<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int[] milliseconds = [30, 10, 20];

        ITimer[] timers = [.. milliseconds.Select(due => _time.CreateTimer(
            state =>
            {
                fired.Enqueue((int)state!);
                if (fired.Count == milliseconds.Length)
                {
                    all.SetResult();
                }
            },
            due, TimeSpan.FromMilliseconds(due), Timeout.InfiniteTimeSpan))];

        await all.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(milliseconds.Order(), fired);
        Array.ForEach(timers, timer => timer.Dispose());
    }

    [Fact]
    public async Task A_timer_with_a_period_fires_until_it_is_stopped()
    {
        var count = 0;
        var thrice = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ =>
            {
                if (++count == 3)
                {
                    timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                    thrice.SetResult();
                }
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(1));

        await thrice.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await NextTimerAsync(TimeSpan.FromMilliseconds(3));

        Assert.Equal(3, count);
        await timer.DisposeAsync();
    }

    [Fact]
    public async Task What_was_asked_for_before_a_change_or_the_end_of_a_timer_does_not_happen()
    {
        var count = 0;
        var changed = _time.CreateTimer(_ => count++, null, TimeSpan.FromMilliseconds(2), Timeout.InfiniteTimeSpan);
        var ended = _time.CreateTimer(_ => count++, null, TimeSpan.FromMilliseconds(2), Timeout.InfiniteTimeSpan);
        changed.Change(TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        ended.Dispose();

        await NextTimerAsync(TimeSpan.FromMilliseconds(4));

        Assert.Equal(0, count);
        changed.Dispose();
    }

    /// <summary>Waits for a timer: those that were due before it have fired by then.</summary>
    private async Task NextTimerAsync(TimeSpan due)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = _time.CreateTimer(_ => fired.SetResult(), null, due, Timeout.InfiniteTimeSpan);
        await fired.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
