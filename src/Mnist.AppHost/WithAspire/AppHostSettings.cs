using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Mnist.AppHost;

/// <summary>What the user may choose: section <c>Parameters</c> of the configuration, as in <c>--Parameters:silos=3</c>.</summary>
internal sealed record AppHostSettings
{
    /// <summary>Name of the connection string, and of the resource.</summary>
    public const string Redis = "redis";

    private const string Section = "Parameters";
    private const int MaxSilos = 64;

    /// <summary>Number of silos.</summary>
    public required int Silos { get; init; }

    /// <summary>Recipe of the runs that are started from the dashboard.</summary>
    public required string Recipe { get; init; }

    /// <summary>How silos find each other.</summary>
    public required ClusteringKind Clustering { get; init; }

    /// <summary>Folder of the data set; null for MNIST from the user's cache, fetched if need be.</summary>
    public string? Data { get; init; }

    /// <summary>Folder of the runs; null for <c>runs</c> in the repository.</summary>
    public string? Runs { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="AppHostSettingsException">A value is not usable; the message names its key.</exception>
    public static AppHostSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new AppHostSettings
        {
            Silos = Number(section, "silos", 2),
            Recipe = section["recipe"] is { Length: > 0 } recipe ? recipe : "tiny",
            Clustering = Kind(section, "clustering") ?? ClusteringChoice.Choose(configuration),
            Data = section["data"] is { Length: > 0 } data ? Path.GetFullPath(data) : null,
            Runs = section["runs"] is { Length: > 0 } runs ? Path.GetFullPath(runs) : null,
        };
    }

    private static int Number(IConfigurationSection section, string key, int fallback) => section[key] switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 1 and <= MaxSilos => value,
        var text => throw new AppHostSettingsException($"{section.Path}:{key} is '{text}', expected a whole number from 1 to {MaxSilos}"),
    };

    private static ClusteringKind? Kind(IConfigurationSection section, string key) => section[key] switch
    {
        null or "" => null,
        var text when Enum.TryParse<ClusteringKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
        var text => throw new AppHostSettingsException(
            $"{section.Path}:{key} is '{text}', expected {string.Join(", ", Enum.GetNames<ClusteringKind>())}"),
    };
}
