using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>A life in stages, of a silo or of an activation.</summary>
internal sealed class Lifecycle(ILogger logger) : ISiloLifecycle, IGrainLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private bool _started;

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (_started)
        {
            throw new InvalidOperationException("Lifecycle has already been started.");
        }

        var subscription = new Subscription(observerName, stage, observer);
        _subscriptions.Add(subscription);
        return subscription;
    }

    public async Task OnStart(CancellationToken cancellationToken)
    {
        _started = true;
        foreach (var stage in _subscriptions.GroupBy(subscription => subscription.Stage).OrderBy(stage => stage.Key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.WhenAll(stage.Select(subscription => Guard(subscription, observer => observer.OnStart(cancellationToken))));
            HighestCompletedStage = stage.Key;
        }
    }

    public async Task OnStop(CancellationToken cancellationToken)
    {
        var begun = _subscriptions.Where(subscription => _started && subscription.Stage <= HighestCompletedStage);
        foreach (var stage in begun.GroupBy(subscription => subscription.Stage).OrderByDescending(stage => stage.Key))
        {
            try
            {
                await Task.WhenAll(stage.Select(subscription => Guard(subscription, observer => observer.OnStop(cancellationToken))));
            }
            catch (Exception exception)
            {
                logger.LogWarning(
                    exception,
                    "Stopping failed at stage {Stage} ({Observers}); the stages before it stop nevertheless.",
                    stage.Key,
                    string.Join(", ", stage.Select(subscription => subscription.Name)));
            }

            LowestStoppedStage = stage.Key;
        }
    }

    private static Task Guard(Subscription subscription, Func<ILifecycleObserver, Task> action)
    {
        try
        {
            return subscription.Observer is { } observer ? action(observer) : Task.CompletedTask;
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private sealed class Subscription(string name, int stage, ILifecycleObserver observer) : IDisposable
    {
        public string Name => name;

        public int Stage => stage;

        public ILifecycleObserver? Observer { get; private set; } = observer;

        public void Dispose() => Observer = null;
    }
}

/// <summary>An observer made of functions.</summary>
internal sealed class DelegateObserver(Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop) : ILifecycleObserver
{
    public Task OnStart(CancellationToken cancellationToken = default) => onStart(cancellationToken);

    public Task OnStop(CancellationToken cancellationToken = default) => onStop?.Invoke(cancellationToken) ?? Task.CompletedTask;
}

/// <summary>Work at a stage of the silo's life.</summary>
internal sealed class StartupTask(Func<CancellationToken, Task> task, int stage) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StartupTask), stage, task);
}
