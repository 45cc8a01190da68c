using Microsoft.Extensions.Configuration;
using Mnist.Clustering;
using Mnist.Learning;
using Mnist.Silo.Http;

namespace Mnist.Silo;

/// <summary>The command line of a silo: short names of the settings that people type, and any other setting by its key.</summary>
internal static class SiloArguments
{
    private const string Cluster = "--cluster";

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--data"] = ClusterKeys.Data,
        ["--workers"] = ClusterKeys.WorkersPerSilo,
        ["--engine"] = ClusterKeys.Engine,
        ["--torch-device"] = ClusterKeys.TorchDevice,
        ["--state"] = ClusterKeys.StateDirectory,
        ["--grace"] = ClusterKeys.GraceSeconds,
        ["--http"] = HttpSettings.PortKey,
        ["--name"] = "Orleans:Name",
    };

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help => $"""
        A silo: holds runs, parameter servers and as many workers as it has slots, for `mnist train --cluster`.

        Usage: mnist-silo [options]

          --cluster WHERE  The cluster to join: primary://IP:PORT, redis://HOST:PORT,
                           or {ClusterAddress.FromConfiguration} [default: {ClusterAddress.FromConfiguration}]
          --data DIR       Folder of the data set [default: MNIST from the user's cache, fetched if need be]
          --workers N      Worker slots [default: one a processor]
          --engine NAME    What computes gradients: simd, or torch [default: simd]
          --torch-device D Where torch computes: cpu or cuda [default: cpu]
          --state DIR      Folder that all silos share, for checkpoints [default: where the membership is; ./state beside a primary silo]
          --grace SECONDS  Time to hand over work after SIGTERM [default: 120]
          --http PORT      Serve /health/live and /health/ready there, /metrics if Metrics:Enabled is true, and /dashboard if
                           Dashboard:Enabled is
          --name NAME      Name of the silo in logs and dashboards
          --KEY VALUE      Any setting by its key, such as --{ClusterKeys.DeadAfterSeconds} 3

        Settings come from appsettings.json beside the program, then in the working directory, then from environment variables
        (Orleans__Clustering__ProviderType=Redis), then from here.
        """;

    /// <summary>Adds what the user typed to the configuration.</summary>
    /// <exception cref="InvalidInputException">An option is unknown or has no value.</exception>
    public static void AddTo(IConfigurationManager configuration, string[] args)
    {
        var values = new Dictionary<string, string?>();
        for (var i = 0; i < args.Length; i += 2)
        {
            var name = args[i];
            if (i + 1 == args.Length)
            {
                throw new InvalidInputException($"{name} has no value (`mnist-silo --help` lists what there is)");
            }

            if (name == Cluster)
            {
                foreach (var (key, value) in ClusterAddress.Parse(args[i + 1], Cluster))
                {
                    values[key] = value;
                }
            }
            else
            {
                values[KeyOf(name)] = args[i + 1];
            }
        }

        configuration.AddInMemoryCollection(values);
    }

    private static string KeyOf(string name)
    {
        if (Keys.TryGetValue(name, out var key))
        {
            return key;
        }

        return name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)
            ? name[2..]
            : throw new InvalidInputException($"{name} is no option (`mnist-silo --help` lists what there is)");
    }
}
