using Microsoft.Extensions.DependencyInjection;
using Mnist.Grains.Compute;
using Mnist.Grains.Hosting;
using Orleans.Hosting;

namespace Mnist.Clustering.Faults;

/// <summary>Switches fault injection on.</summary>
public static class FaultInjectionExtensions
{
    /// <summary>Lets callers harm the workers and servers of a silo.</summary>
    /// <param name="builder">The silo, which trains already.</param>
    public static ISiloBuilder AddFaultInjection(this ISiloBuilder builder)
    {
        builder.Services.AddSingleton<FaultInjection>();
        builder.Services.AddSingleton<ThreadLaneFactory>();
        builder.Services.AddSingleton<IComputeLaneFactory, SlowableLaneFactory>();
        return builder;
    }
}
