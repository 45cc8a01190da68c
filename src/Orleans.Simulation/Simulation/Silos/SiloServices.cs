using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Simulation;

/// <summary>Adds the silo to a host's services.</summary>
internal static class SiloServices
{
    public static ISiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnScheduler, ThreadPoolTurnScheduler>();
        services.TryAddSingleton<IMessageNetwork, LoopbackNetwork>();
        services.TryAddSingleton<IActivationDirectory, GrainDirectory>();
        services.TryAddSingleton<IClusterView, SingleSiloView>();
        services.TryAddSingleton(new SiloGeneration(1));
        services.TryAddSingleton<Silo>();
        services.TryAddSingleton<ILocalSiloDetails>(provider => provider.GetRequiredService<Silo>());
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<Silo>().References);
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<IClusterClient>());
        services.TryAddSingleton<IGrainRuntime, GrainRuntime>();
        services.TryAddScoped<ActivationHolder>();
        services.TryAddScoped<IGrainContext>(
            provider => provider.GetRequiredService<ActivationHolder>().Activation
                ?? throw new InvalidOperationException("There is a grain context only among the services of an activation."));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SiloHost>());
        return new Builder(services, configuration);
    }

    private sealed record Builder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
