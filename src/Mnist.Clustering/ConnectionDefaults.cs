using Microsoft.Extensions.Configuration;
using Mnist.Learning;

namespace Mnist.Clustering;

/// <summary>How to connect to Redis or a database.</summary>
internal static class ConnectionDefaults
{
    private const string DefaultInvariant = "Npgsql";

    /// <summary>
    /// Finds a section's connection string, also where it is named as Aspire does it, and adds what Orleans' provider reads.
    /// </summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static void Add(
        IConfiguration configuration, IConfigurationSection section, string provider, Dictionary<string, string?> defaults)
    {
        defaults[$"{section.Path}:{ClusterKeys.ConnectionString}"] = Find(configuration, section);

        // Orleans would look for a connection that Aspire's client library registers, which this program does without.
        defaults[$"{section.Path}:{ClusterKeys.ServiceKey}"] = "";
        if (provider == ClusterProviders.AdoNet)
        {
            defaults[$"{section.Path}:{ClusterKeys.Invariant}"] = section[ClusterKeys.Invariant] ?? DefaultInvariant;
        }
    }

    private static string Find(IConfiguration configuration, IConfigurationSection section)
    {
        if (section[ClusterKeys.ConnectionString] is { Length: > 0 } connectionString)
        {
            return connectionString;
        }

        var name = section[ClusterKeys.ConnectionName] is { Length: > 0 } named ? named : section[ClusterKeys.ServiceKey];
        if (string.IsNullOrEmpty(name))
        {
            throw new InvalidInputException(
                $"{section.Path}:{ClusterKeys.ConnectionString} is missing, "
                + $"expected how to connect to {section[ClusterKeys.ProviderType]}");
        }

        return configuration.GetConnectionString(name) is { Length: > 0 } found
            ? found
            : throw new InvalidInputException($"ConnectionStrings:{name} is missing, but {section.Path} refers to it");
    }
}
