using System.Net;
using System.Net.Sockets;
using Mnist.Clustering;
using Mnist.Grains.Hosting;
using Orleans.Hosting;

namespace Mnist.Coordinator.Training;

/// <summary>One silo in this process, reachable from this machine only.</summary>
internal static class TrainingHost
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Adds the silo to a host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="options">The data set and where the grains' state lies.</param>
    /// <param name="configure">What else the silo is to have.</param>
    public static void AddTo(IHostApplicationBuilder builder, TrainingHostOptions options, Action<ISiloBuilder>? configure = null)
    {
        var (siloPort, gatewayPort) = FreePorts();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort).KeepDirectoryCacheSmall().AddTraining(options);
            configure?.Invoke(silo);
        });
    }

    /// <summary>A host without anything in it, whose signals the command line handles.</summary>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    public static HostApplicationBuilder CreateBuilder(bool isVerbose)
    {
        // The defaults watch configuration files and read the environment, neither of which a single run wants.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        LeaveSignalsToCaller(builder, isVerbose);
        return builder;
    }

    /// <summary>Leaves signals to the command line: a console host would stop the silo before runs are paused.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    public static void LeaveSignalsToCaller(IHostApplicationBuilder builder, bool isVerbose)
    {
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (isVerbose)
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }

    /// <summary>Two ports that were free a moment ago, so that several runs fit on one machine.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using var silo = new TcpListener(IPAddress.Loopback, 0);
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }

    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
