using Microsoft.Extensions.Hosting;
using Mnist.Clustering;
using Mnist.Learning.Data;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>A silo in this process, for tests that look into it.</summary>
internal static class InProcessSilo
{
    /// <summary>Starts a silo.</summary>
    /// <param name="dataset">What it trains on.</param>
    /// <param name="settings">Its configuration, of which there is nothing else.</param>
    public static async Task<IHost> StartAsync(Dataset dataset, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddTrainingSilo(ClusterSettings.ReadForSilo(builder.Configuration), dataset);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
