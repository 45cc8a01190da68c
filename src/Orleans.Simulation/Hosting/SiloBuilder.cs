using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Configures a silo.</summary>
public interface ISiloBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>The host's configuration.</summary>
    IConfiguration Configuration { get; }
}

/// <summary>General configuration of a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Adds services.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureDelegate">Adds them.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder ConfigureServices(this ISiloBuilder builder, Action<IServiceCollection> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(builder.Services);
        return builder;
    }

    /// <summary>Sets options.</summary>
    /// <typeparam name="TOptions">Their type.</typeparam>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets them.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class
    {
        _ = builder.Services.Configure(configureOptions);
        return builder;
    }

    /// <summary>Takes options from configuration.</summary>
    /// <typeparam name="TOptions">Their type.</typeparam>
    /// <param name="builder">The silo.</param>
    /// <param name="configuration">The section.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, IConfiguration configuration)
        where TOptions : class
    {
        _ = builder.Services.AddOptions<TOptions>().Bind(configuration);
        return builder;
    }

    /// <summary>Sets up logging.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureLogging">Sets it up.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder ConfigureLogging(this ISiloBuilder builder, Action<ILoggingBuilder> configureLogging)
    {
        _ = builder.Services.AddLogging(configureLogging);
        return builder;
    }
}

/// <summary>Clusters for development.</summary>
public static class CoreHostingExtensions
{
    /// <summary>A cluster on this machine. Embedded, it is this process alone, and nothing listens.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">The port for silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="primarySiloEndpoint">The silo that knows the others; this one if null.</param>
    /// <param name="serviceId">The service's name.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev")
    {
        if (primarySiloEndpoint is not null && primarySiloEndpoint.Port != siloPort)
        {
            throw new NotSupportedException(
                $"The embedded host is a cluster of one silo; it cannot join the silo at {primarySiloEndpoint}. Use the Cluster edition.");
        }

        return builder
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = IPAddress.Loopback;
                options.SiloPort = siloPort;
                options.GatewayPort = gatewayPort;
            })
            .Configure<ClusterOptions>(options =>
            {
                options.ServiceId = serviceId;
                options.ClusterId = clusterId;
            });
    }
}

/// <summary>Work that a silo does once it has started.</summary>
public static class SiloBuilderStartupExtensions
{
    /// <summary>Adds work.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="startupTask">Does it.</param>
    /// <param name="stage">The stage at which it is done.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddStartupTask(
        this ISiloBuilder builder,
        Func<IServiceProvider, CancellationToken, Task> startupTask,
        int stage = ServiceLifecycleStage.Active)
    {
        _ = builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            services => new Simulation.StartupTask(token => startupTask(services, token), stage));
        return builder;
    }

    /// <summary>Adds work.</summary>
    /// <typeparam name="TStartup">Does it.</typeparam>
    /// <param name="builder">The silo.</param>
    /// <param name="stage">The stage at which it is done.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddStartupTask<TStartup>(this ISiloBuilder builder, int stage = ServiceLifecycleStage.Active)
        where TStartup : class, IStartupTask =>
        builder.AddStartupTask(
            (services, token) => ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(token), stage);
}

/// <summary>Storage in memory, gone with the process.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds a provider under a name.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name.</param>
    /// <param name="configureOptions">Sets options.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorage(
        this ISiloBuilder builder, string name, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
    {
        configureOptions?.Invoke(builder.Services.AddOptions<MemoryGrainStorageOptions>(name));
        _ = Runtime.Hosting.StorageProviderExtensions.AddGrainStorage(
            builder.Services, name, (_, key) => new Simulation.MemoryStorage(key));
        return builder;
    }

    /// <summary>Adds the default provider.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets options.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddMemoryGrainStorageAsDefault(
        this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
        builder.AddMemoryGrainStorage(Providers.ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);
}
