using Orleans;

namespace Mnist.Coordinator.Training;

/// <summary>A host that was started: a silo in this process, or what connects it to a cluster.</summary>
internal sealed class StartedHost : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
    private readonly IHost _host;

    private StartedHost(IHost host) => _host = host;

    /// <summary>Makes references to grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a host.</summary>
    /// <param name="host">The host; owned from now on.</param>
    /// <param name="cancellationToken">Gives up waiting for the cluster.</param>
    public static async Task<StartedHost> StartAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
            return new StartedHost(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await _host.StopAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Nothing is lost: the runs' state was written before.
        }

        _host.Dispose();
    }
}
