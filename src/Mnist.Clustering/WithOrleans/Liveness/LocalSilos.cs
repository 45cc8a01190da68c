using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Mnist.Clustering.Transport;
using Mnist.Grains.Hosting;
using Orleans;
using Orleans.Runtime;

namespace Mnist.Clustering.Liveness;

/// <summary>
/// Silos of one machine hear of each other's end within a millisecond, where Linux is. A connection says so only when the memory of the
/// process has been given back, tens of milliseconds later, and to Orleans at the cost of some (docs/CLUSTER.md, "A worker that is gone").
/// </summary>
/// <param name="own">This silo.</param>
internal sealed class LocalSilos(ILocalSiloDetails own) : ISiloWatch, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Dictionary<string, Task> _ends = [];
    private readonly string? _path = OperatingSystem.IsLinux() ? SharedMemoryPath.OfSilo(own.SiloAddress.ToString()) : null;

    /// <summary>Lets a silo watch others, and show them that it is there.</summary>
    /// <param name="services">The silo's services.</param>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<LocalSilos>();
        services.AddSingleton<ISiloWatch>(provider => provider.GetRequiredService<LocalSilos>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<LocalSilos>());
    }

    /// <inheritdoc/>
    public Task? EndOf(string silo)
    {
        if (_path is null || SharedMemoryPath.OfSilo(silo) is not { } path)
        {
            return null;
        }

        // A silo is watched once, by one thread, whatever number of runs wants to hear of its end.
        lock (_ends)
        {
            if (!_ends.TryGetValue(silo, out var end) && LifeSign.EndOf(path) is { } begun)
            {
                _ends[silo] = end = begun;
                Action<Task, object?> forget = Forget;

                // What is compiled when it happens takes a processor from those that go on.
                RuntimeHelpers.PrepareDelegate(forget);
                _ = end.ContinueWith(forget, silo, TaskScheduler.Default);
            }

            return end;
        }
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LocalSilos), ServiceLifecycleStage.RuntimeInitialize, _ => Show(), _ => Hide());

    private Task Show()
    {
        if (_path is not null)
        {
            LifeSign.RemoveEnded(SharedMemoryPath.OfSilos());
            _ = LifeSign.TryShow(_path);
        }

        return Task.CompletedTask;
    }

    private void Forget(Task end, object? silo)
    {
        lock (_ends)
        {
            _ends.Remove((string)silo!);
        }
    }

    private Task Hide()
    {
        if (_path is not null)
        {
            SharedMemoryPath.Remove(_path);
        }

        return Task.CompletedTask;
    }
}
