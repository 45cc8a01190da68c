using Mnist.Clustering;
using Mnist.Learning;

namespace Mnist.Coordinator.Training;

/// <summary>This process as part of a cluster: its client, or the silo that holds its membership and computes nothing.</summary>
internal static class ClusterTrainingHost
{
    /// <summary>Starts a host that has the membership and nothing else.</summary>
    /// <param name="address">See <see cref="ClusterAddress"/>.</param>
    /// <param name="isVerbose">Whether the runtime's warnings appear on standard error.</param>
    /// <param name="wait">Told each time that the cluster cannot be reached yet.</param>
    /// <param name="cancellationToken">Gives up waiting for the cluster.</param>
    /// <exception cref="InvalidInputException">The address or the configuration is not usable.</exception>
    /// <exception cref="RunFailedException">The cluster could not be reached for longer than is waited for.</exception>
    public static Task<StartedHost> StartAsync(string address, bool isVerbose, ClusterWait wait, CancellationToken cancellationToken)
    {
        var builder = TrainingHost.CreateBuilder(isVerbose);
        AddTo(builder, address, wait);
        return StartedHost.StartAsync(builder.Build(), cancellationToken);
    }

    /// <summary>Adds the membership to a host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="address">See <see cref="ClusterAddress"/>.</param>
    /// <param name="wait">Told each time that the cluster cannot be reached yet.</param>
    /// <exception cref="InvalidInputException">The address or the configuration is not usable.</exception>
    public static void AddTo(IHostApplicationBuilder builder, string address, ClusterWait wait)
    {
        builder.Configuration.AddEnvironmentVariables().AddInMemoryCollection(ClusterAddress.Parse(address, "--cluster"));
        var settings = ClusterSettings.ReadForCoordinator(builder.Configuration);
        if (settings.Provider == ClusterProviders.Development)
        {
            builder.AddPrimarySilo(settings);
            return;
        }

        builder.AddClusterClient(wait.Failed);
    }
}
