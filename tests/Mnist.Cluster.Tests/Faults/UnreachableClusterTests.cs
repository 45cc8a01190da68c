using Mnist.Cluster.Tests.Processes;
using Mnist.Clustering;

namespace Mnist.Cluster.Tests.Faults;

/// <summary>Clusters that are not there.</summary>
public sealed class UnreachableClusterTests : ClusterTest
{
    public static TheoryData<string, string, string> Addresses => new()
    {
        { ClusterProviders.Development, "primary://127.0.0.1:PORT", "" },
        { ClusterProviders.Static, "gateway://127.0.0.1:PORT", "" },
        { ClusterProviders.Redis, "redis://127.0.0.1:PORT", "" },
        { ClusterProviders.AdoNet, ClusterAddress.FromConfiguration, "Host=127.0.0.1;Port=PORT;Username=mnist;Database=mnist" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Training_says_what_it_waits_for_and_ends_in_time(string provider, string address, string connection)
    {
        var isOptional = provider is ClusterProviders.Redis or ClusterProviders.AdoNet;
        Assert.SkipWhen(isOptional && !ClusterProviders.Optional.Contains(provider), $"this build has no {provider}");
        var port = $"{Programs.FreePort()}";
        Dictionary<string, string> variables = connection.Length == 0 ? [] : new()
        {
            ["Orleans__Clustering__ProviderType"] = provider,
            ["Orleans__Clustering__ConnectionString"] = connection.Replace("PORT", port, StringComparison.Ordinal),
        };
        await using var coordinator = ChildProcess.Start("coordinator", Folder.Path, variables, Programs.Dotnet,
        [
            .. Programs.Coordinator, "train", "--cluster", address.Replace("PORT", port, StringComparison.Ordinal), "--data", Data,
            "--patience", "0.5", "--out", "run",
        ]);

        var exitCode = await coordinator.WaitForExitAsync();

        Assert.True(exitCode == 1, $"ended with {exitCode}\n{coordinator.Describe()}");
        Assert.All(
            (string[])["waiting for the cluster, 0.5 s at most: ", "error: the cluster could not be reached for "],
            text => Assert.Single(coordinator.Lines, line => line.Text.StartsWith(text, StringComparison.Ordinal)));
    }
}
