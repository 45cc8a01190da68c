using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Mnist.Clustering;

/// <summary>
/// Lets a silo hand over its work before anything else of its host stops. Hosts stop what they started last first, which is the web
/// server: it would wait for requests that are under way, for as long as the silo has in all, and nobody could see the silo leave.
/// </summary>
internal sealed class DrainFirst(Silo silo) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
