using System.Reflection;

namespace Mnist.Clustering;

/// <summary>Kinds of clustering and grain storage.</summary>
public static class ClusterProviders
{
    /// <summary>Membership in the memory of one silo, for laptops and tests.</summary>
    public const string Development = "Development";

    /// <summary>For clients: a list of gateways.</summary>
    public const string Static = "Static";

    /// <summary>Redis.</summary>
    public const string Redis = "Redis";

    /// <summary>A relational database with Orleans' own scripts; PostgreSQL unless the configuration names another driver.</summary>
    public const string AdoNet = "AdoNet";

    /// <summary>Grain storage in a folder that all silos share.</summary>
    public const string Folder = "Folder";

    /// <summary>Those of <see cref="Redis"/> and <see cref="AdoNet"/> whose packages this program was built with.</summary>
    public static IReadOnlyList<string> Optional { get; } =
    [
        .. typeof(ClusterProviders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(attribute => attribute.Key == "ClusterProvider")
            .Select(attribute => attribute.Value!),
    ];
}
