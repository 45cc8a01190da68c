using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Hosting;
using Mnist.Learning.Training;
using Orleans.Hosting;

namespace Mnist.Coordinator.Training;

/// <summary>One silo in this process, reachable from this machine only.</summary>
internal static class TrainingHost
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Builds the host. The caller starts, stops and disposes of it.</summary>
    /// <param name="options">The data set and where the grains' state lies.</param>
    /// <param name="engines">What computes gradients.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    public static IHost Build(TrainingHostOptions options, IGradientEngineFactory engines, bool isVerbose)
    {
        var builder = CreateBuilder(isVerbose);
        builder.Services.AddSingleton(engines);
        var (siloPort, gatewayPort) = FreePorts();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort).AddTraining(options));
        return builder.Build();
    }

    /// <summary>A host without anything in it, whose signals the command line handles.</summary>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    public static HostApplicationBuilder CreateBuilder(bool isVerbose)
    {
        // The defaults watch configuration files and read the environment, neither of which a single run wants.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (isVerbose)
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        return builder;
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

    /// <summary>Leaves signals to the command line: a console host would stop the silo before the run is paused.</summary>
    private sealed class CallerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
