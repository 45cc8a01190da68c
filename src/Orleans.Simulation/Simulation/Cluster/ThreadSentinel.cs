using System.Diagnostics;

namespace Orleans.Simulation;

/// <summary>Watches that only the thread of the simulation reaches it, and notes the first one that is another.</summary>
internal sealed class ThreadSentinel(TimeSpan patience)
{
    private readonly int _home = Environment.CurrentManagedThreadId;
    private readonly HashSet<MethodModel> _suspects = [];
    private readonly TaskCompletionSource _violated = new();
    private Origin? _foreign;

    public bool AtHome => Environment.CurrentManagedThreadId == _home;

    /// <summary>Whether the running code may queue work.</summary>
    public bool Admits(TurnQueue queue, object item)
    {
        if (AtHome)
        {
            return true;
        }

        Note("queue work", queue, item);
        return false;
    }

    /// <summary>Throws in code that runs on another thread.</summary>
    public void Require(string what)
    {
        if (!AtHome)
        {
            Note(what, null, null);
            throw new ForeignThreadException($"Another thread tried to {what}; a simulation has one thread.");
        }
    }

    /// <summary>
    /// Gives a call that may wait for another thread some real time, in which that thread may show itself. Virtual time would run away
    /// from it otherwise: what is really slow takes no virtual time at all. Once for each method, since most calls that time out wait
    /// for something else.
    /// </summary>
    public void AwaitForeigner(MethodModel method)
    {
        if (_suspects.Add(method))
        {
            AwaitForeigner();
        }
    }

    // Waiting for a task lets the thread pool add threads, if other simulations keep those busy that there are.
    public void AwaitForeigner() => _violated.Task.Wait(patience);

    /// <summary>Fails the run if another thread has been here.</summary>
    public void ThrowIfViolated()
    {
        if (Volatile.Read(ref _foreign) is { } origin)
        {
            throw new ForeignThreadException(origin.Describe());
        }
    }

    private void Note(string what, TurnQueue? queue, object? item)
    {
        var origin = new Origin(what, queue, item, Environment.CurrentManagedThreadId, new StackTrace(2, fNeedFileInfo: true));
        _ = Interlocked.CompareExchange(ref _foreign, origin, null);
        _ = _violated.TrySetResult();
    }

    private sealed record Origin(string What, TurnQueue? Queue, object? Item, int Thread, StackTrace Stack)
    {
        // Only the simulation's own thread asks, since it reads what belongs to an activation.
        public string Describe()
        {
            string where = Queue switch
            {
                { Owner: { } activation } => $" of {activation.GrainId} on {activation.Silo.Name} ({activation.DescribeRunning()})",
                not null => " of code outside grains",
                null => "",
            };
            return $"Thread {Thread} tried to {What}{where}{Continuation()}. A simulation has one thread: do not use Task.Run, "
                + $"ConfigureAwait(false), real-time delays or file I/O here. The foreign thread's stack:{Environment.NewLine}{Stack}";
        }

        // What an await continues is an Action on the box that holds the async method's state machine.
        private string Continuation()
        {
            object? box = ((Item as Task)?.AsyncState as Delegate)?.Target;
            var machine = box?.GetType().GetGenericArguments().FirstOrDefault(type => type.Name.StartsWith('<'));
            if (machine is null)
            {
                return "";
            }

            string method = machine.Name[1..machine.Name.IndexOf('>', StringComparison.Ordinal)];
            return $", continuing {machine.DeclaringType?.Name}.{method}";
        }
    }
}
