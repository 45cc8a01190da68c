using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Mnist.Clustering;
using Mnist.Learning;

namespace Mnist.Coordinator.Training;

/// <summary>This process as part of a cluster: its client, or the silo that holds its membership and computes nothing.</summary>
internal static class ClusterTrainingHost
{
    /// <summary>Builds the host. The caller starts, stops and disposes of it.</summary>
    /// <param name="address">See <see cref="ClusterAddress"/>.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    /// <param name="waiting">Told once that the cluster cannot be reached yet.</param>
    /// <exception cref="InvalidInputException">The address or the configuration is not usable.</exception>
    public static IHost Build(string address, bool isVerbose, Action<string> waiting)
    {
        var builder = TrainingHost.CreateBuilder(isVerbose);
        builder.Configuration.AddEnvironmentVariables().AddInMemoryCollection(ClusterAddress.Parse(address, "--cluster"));
        var settings = ClusterSettings.ReadForCoordinator(builder.Configuration);
        if (settings.Provider == ClusterProviders.Development)
        {
            builder.AddPrimarySilo(settings);
        }
        else
        {
            var isWaiting = false;
            builder.AddClusterClient(reason =>
            {
                if (!isWaiting)
                {
                    waiting($"waiting for the cluster: {reason}");
                }

                isWaiting = true;
            });
        }

        return builder.Build();
    }
}
