namespace Mnist.Grains.Compute;

/// <summary>
/// Delays as fine as the timers of a clock; <see cref="Task.Delay(TimeSpan, TimeProvider)"/> knows whole milliseconds only.
/// </summary>
public static class FineDelay
{
    /// <summary>Waits until time has passed.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="duration">How long; not at all where it is negative.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static async Task PassAsync(this TimeProvider time, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        var passed = new TaskCompletionSource();
        using var timer = time.CreateTimer(
            _ => passed.TrySetResult(), null, duration > TimeSpan.Zero ? duration : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.Register(() => passed.TrySetCanceled(cancellationToken));
        await passed.Task;
    }
}
