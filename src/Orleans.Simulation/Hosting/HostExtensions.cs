using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Simulation;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a silo to a host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <returns>The same host.</returns>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(_ => { });

    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the silo.</param>
    /// <returns>The same host.</returns>
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(SiloServices.Add(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <returns>The same host.</returns>
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(_ => { });

    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the silo.</param>
    /// <returns>The same host.</returns>
    public static HostApplicationBuilder UseOrleans(this HostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        _ = ((IHostApplicationBuilder)hostAppBuilder).UseOrleans(configureDelegate);
        return hostAppBuilder;
    }

    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the silo.</param>
    /// <returns>The same host.</returns>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate) =>
        hostBuilder.UseOrleans((_, silo) => configureDelegate(silo));

    /// <summary>Adds a silo to a host.</summary>
    /// <param name="hostBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the silo.</param>
    /// <returns>The same host.</returns>
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices(
            (context, services) => configureDelegate(context, SiloServices.Add(services, context.Configuration)));
    }

    /// <summary>Adds a silo to a host's services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configureDelegate">Configures the silo.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddOrleans(this IServiceCollection services, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(SiloServices.Add(services, new ConfigurationBuilder().Build()));
        return services;
    }
}
