using System.Net;
using Microsoft.Extensions.Configuration;
using Mnist.Learning;

namespace Mnist.Clustering;

/// <summary>How this process takes part in a cluster: what the configuration says, checked and completed.</summary>
public sealed record ClusterSettings
{
    private const string DefaultName = "mnist";
    private const double DefaultDeadAfterSeconds = 3;
    private const double DefaultGraceSeconds = 120;
    private const int MaxWorkersPerSilo = 1024;

    /// <summary>Kind of clustering, one of <see cref="ClusterProviders"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>With Development clustering: the silo that holds the membership.</summary>
    public IPEndPoint? Primary { get; init; }

    /// <summary>Time after which a silo that does not answer is declared dead.</summary>
    public required TimeSpan DeadAfter { get; init; }

    /// <summary>Time that a silo may take to hand over its work.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>Worker slots of a silo.</summary>
    public required int WorkersPerSilo { get; init; }

    /// <summary>Whether callers may harm workers and servers.</summary>
    public bool EnableFaults { get; init; }
    /// <summary>What computes the gradients of a silo's workers; null for the default.</summary>
    public string? Engine { get; init; }

    /// <summary>Where libtorch computes, if it is the engine; null for the default.</summary>
    public string? TorchDevice { get; init; }

    /// <summary>Folder of the data set; null for MNIST from the user's cache.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Reads what a silo needs, and adds to the configuration what Orleans is to find there.</summary>
    /// <param name="configuration">Files, environment, command line.</param>
    /// <exception cref="InvalidInputException">A value is not usable; the message names its key.</exception>
    public static ClusterSettings ReadForSilo(IConfigurationManager configuration)
    {
        var settings = Read(configuration, [ClusterProviders.Development, .. ClusterProviders.Optional]);
        var defaults = new Dictionary<string, string?>();
        EndpointDefaults.Add(configuration, settings, defaults);
        StorageDefaults.Add(configuration, settings.Provider, defaults);
        configuration.AddInMemoryCollection(defaults);
        return settings;
    }

    /// <summary>Reads what a client of a cluster needs, or a process that holds the membership and computes nothing.</summary>
    /// <param name="configuration">Files, environment, command line.</param>
    /// <exception cref="InvalidInputException">A value is not usable; the message names its key.</exception>
    public static ClusterSettings ReadForCoordinator(IConfigurationManager configuration)
    {
        var settings = Read(configuration, [ClusterProviders.Development, ClusterProviders.Static, .. ClusterProviders.Optional]);
        if (settings.Provider == ClusterProviders.Development)
        {
            if (settings.Primary is null)
            {
                throw new InvalidInputException(
                    $"{ClusterKeys.Clustering}:{ClusterKeys.Primary} is missing, "
                    + "expected the IP:PORT at which this process is to hold the membership");
            }

            var defaults = new Dictionary<string, string?>();
            EndpointDefaults.AddPrimary(settings.Primary, defaults);
            configuration.AddInMemoryCollection(defaults);
        }

        return settings;
    }

    private static ClusterSettings Read(IConfigurationManager configuration, IReadOnlyList<string> providers)
    {
        var section = configuration.GetSection(ClusterKeys.Clustering);
        var defaults = new Dictionary<string, string?>
        {
            [ClusterKeys.ClusterId] = configuration[ClusterKeys.ClusterId] ?? DefaultName,
            [ClusterKeys.ServiceId] = configuration[ClusterKeys.ServiceId] ?? DefaultName,
        };
        var provider = SettingReader.Choice(section, ClusterKeys.ProviderType, ClusterProviders.Development, providers);
        defaults[$"{section.Path}:{ClusterKeys.ProviderType}"] = provider;
        if (provider is ClusterProviders.Redis or ClusterProviders.AdoNet)
        {
            ConnectionDefaults.Add(configuration, section, provider, defaults);
        }

        var settings = new ClusterSettings
        {
            Provider = provider,
            Primary = SettingReader.Endpoint(section, ClusterKeys.Primary),
            DeadAfter = SettingReader.Seconds(configuration, ClusterKeys.DeadAfterSeconds, DefaultDeadAfterSeconds, 1, 600),
            Grace = SettingReader.Seconds(configuration, ClusterKeys.GraceSeconds, DefaultGraceSeconds, 1, 3600),
            WorkersPerSilo = SettingReader.WholeNumber(
                configuration, ClusterKeys.WorkersPerSilo, Environment.ProcessorCount, 0, MaxWorkersPerSilo),
            EnableFaults = SettingReader.Flag(configuration, ClusterKeys.EnableFaults),
            Engine = SettingReader.Text(configuration, ClusterKeys.Engine),
            TorchDevice = SettingReader.Text(configuration, ClusterKeys.TorchDevice),
            DataDirectory = SettingReader.Text(configuration, ClusterKeys.Data),
        };
        configuration.AddInMemoryCollection(defaults);
        return settings;
    }
}
