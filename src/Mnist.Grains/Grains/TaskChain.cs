namespace Mnist.Grains.Grains;

/// <summary>
/// Runs operations of a reentrant grain one after the other: each begins when the one before has ended, however it ended.
/// </summary>
internal sealed class TaskChain
{
    private Task _last = Task.CompletedTask;

    /// <summary>Runs an operation after all that were asked for before.</summary>
    /// <param name="operation">The operation; what it throws faults the task of this call only.</param>
    public Task RunAsync(Func<Task> operation)
    {
        return _last = AfterAsync(_last);

        async Task AfterAsync(Task before)
        {
            await before.ContinueWith(_ => { }, TaskScheduler.Current);
            await operation();
        }
    }
}
