using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Orleans.Simulation.Tests;

/// <summary>
/// What the tests of the simulation's semantics run on here: a silo of Orleans itself and a client outside of it, connected in
/// memory. Its namespace is that of the tests, whose sources this project shares.
/// </summary>
internal sealed class GrainHost : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly ManualTime _time;

    private GrainHost(InProcessTestCluster cluster, ManualTime time)
    {
        _cluster = cluster;
        _time = time;
    }

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<GrainHost> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var time = new ManualTime();
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, time);
            silo.AddMemoryGrainStorageAsDefault();
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync(TestContext.Current.CancellationToken);
        return new GrainHost(cluster, time);
    }

    /// <summary>
    /// Lets the time of the grains' timers pass. A tick is in the grain's queue when this returns, ahead of what the test asks next.
    /// Calls time out by the wall clock, which a test that awaits its time-out waits for.
    /// </summary>
    public Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _cluster.StopAllSilosAsync(cancellationToken);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
