namespace Orleans;

/// <summary>Does something at a stage of a life.</summary>
public interface ILifecycleObserver
{
    /// <summary>The stage begins.</summary>
    /// <param name="cancellationToken">Cancelled when it takes too long.</param>
    /// <returns>When it completes, the next stage may begin.</returns>
    Task OnStart(CancellationToken cancellationToken = default);

    /// <summary>The stage ends.</summary>
    /// <param name="cancellationToken">Cancelled when it takes too long.</param>
    /// <returns>When it completes, the stage before may end.</returns>
    Task OnStop(CancellationToken cancellationToken = default);
}

/// <summary>A life in stages: they begin in the order of their numbers and end in the opposite order.</summary>
public interface ILifecycleObservable
{
    /// <summary>Does something at a stage.</summary>
    /// <param name="observerName">Says in logs who does it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="observer">What to do.</param>
    /// <returns>Dispose it to do nothing.</returns>
    IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
}

/// <summary>Takes part in a life.</summary>
/// <typeparam name="TLifecycleObservable">Whose life.</typeparam>
public interface ILifecycleParticipant<TLifecycleObservable>
    where TLifecycleObservable : ILifecycleObservable
{
    /// <summary>Subscribes to stages.</summary>
    /// <param name="lifecycle">The life.</param>
    void Participate(TLifecycleObservable lifecycle);
}

/// <summary>Other ways to subscribe.</summary>
public static class LifecycleExtensions
{
    /// <summary>Does something when a stage begins and when it ends.</summary>
    /// <param name="observable">The life.</param>
    /// <param name="observerName">Says in logs who does it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">What to do when it begins.</param>
    /// <param name="onStop">What to do when it ends.</param>
    /// <returns>Dispose it to do nothing.</returns>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable,
        string observerName,
        int stage,
        Func<CancellationToken, Task> onStart,
        Func<CancellationToken, Task>? onStop)
    {
        ArgumentNullException.ThrowIfNull(observable);
        ArgumentNullException.ThrowIfNull(onStart);
        return observable.Subscribe(observerName, stage, new Simulation.DelegateObserver(onStart, onStop));
    }

    /// <summary>Does something when a stage begins.</summary>
    /// <param name="observable">The life.</param>
    /// <param name="observerName">Says in logs who does it.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">What to do when it begins.</param>
    /// <returns>Dispose it to do nothing.</returns>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart) =>
        observable.Subscribe(observerName, stage, onStart, onStop: null);

    /// <summary>Does something at a stage.</summary>
    /// <typeparam name="TObserver">Its name says in logs who does it.</typeparam>
    /// <param name="observable">The life.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="observer">What to do.</param>
    /// <returns>Dispose it to do nothing.</returns>
    public static IDisposable Subscribe<TObserver>(this ILifecycleObservable observable, int stage, ILifecycleObserver observer) =>
        observable.Subscribe(typeof(TObserver).FullName!, stage, observer);

    /// <summary>Does something when a stage begins and when it ends.</summary>
    /// <typeparam name="TObserver">Its name says in logs who does it.</typeparam>
    /// <param name="observable">The life.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">What to do when it begins.</param>
    /// <param name="onStop">What to do when it ends.</param>
    /// <returns>Dispose it to do nothing.</returns>
    public static IDisposable Subscribe<TObserver>(
        this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart, Func<CancellationToken, Task> onStop) =>
        observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, onStop);

    /// <summary>Does something when a stage begins.</summary>
    /// <typeparam name="TObserver">Its name says in logs who does it.</typeparam>
    /// <param name="observable">The life.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">What to do when it begins.</param>
    /// <returns>Dispose it to do nothing.</returns>
    public static IDisposable Subscribe<TObserver>(
        this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart) =>
        observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, onStop: null);
}
