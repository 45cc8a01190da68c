using Microsoft.Extensions.Configuration;
using Mnist.Grains.Grains;

namespace Mnist.Clustering;

/// <summary>
/// Where the grains' state lies unless the configuration says so: where the membership is, or in a folder that all silos share.
/// </summary>
internal static class StorageDefaults
{
    private const string DefaultDirectory = "state";

    /// <summary>Completes the sections of the grain storages.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="clustering">Kind of clustering.</param>
    /// <param name="defaults">Receives what is missing.</param>
    public static void Add(IConfiguration configuration, string clustering, Dictionary<string, string?> defaults)
    {
        var directory = configuration[ClusterKeys.StateDirectory] is { Length: > 0 } given ? given : null;
        var inFolder = clustering == ClusterProviders.Development;
        var runs = inFolder ? ClusterProviders.Folder : clustering;
        var checkpoints = directory is null ? runs : ClusterProviders.Folder;
        AddSection(configuration, StorageNames.Runs, runs, directory, defaults);
        AddSection(configuration, StorageNames.Checkpoints, checkpoints, directory, defaults);
    }

    private static void AddSection(
        IConfiguration configuration, string name, string fallback, string? directory, Dictionary<string, string?> defaults)
    {
        var section = configuration.GetSection($"{ClusterKeys.GrainStorage}:{name}");
        var provider = SettingReader.Choice(
            section, ClusterKeys.ProviderType, fallback, [ClusterProviders.Folder, .. ClusterProviders.Optional]);
        defaults[$"{section.Path}:{ClusterKeys.ProviderType}"] = provider;
        if (provider == ClusterProviders.Folder)
        {
            var path = section[ClusterKeys.Directory] is { Length: > 0 } own ? own : directory ?? DefaultDirectory;
            defaults[$"{section.Path}:{ClusterKeys.Directory}"] = Path.GetFullPath(path);
            return;
        }

        var clustering = configuration.GetSection(ClusterKeys.Clustering);
        var isConnected = section[ClusterKeys.ConnectionString] ?? section[ClusterKeys.ConnectionName] ?? section[ClusterKeys.ServiceKey];
        var source = string.IsNullOrEmpty(isConnected) && clustering[ClusterKeys.ProviderType] == provider ? clustering : section;
        var connection = new Dictionary<string, string?>();
        ConnectionDefaults.Add(configuration, source, provider, connection);
        foreach (var (key, value) in connection)
        {
            defaults[$"{section.Path}{key[source.Path.Length..]}"] = value;
        }
    }
}
