using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Mnist.AppHost;

/// <summary>Chooses what works here, so that the application starts on a machine without a container engine, too.</summary>
internal static class ClusteringChoice
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether silos can use Redis at all.</summary>
    public static bool HasRedis => HasPart("HasRedis");

    /// <summary>Whether an optional part was there when this was built.</summary>
    /// <param name="key">Key of the project's metadata.</param>
    public static bool HasPart(string key) => typeof(ClusteringChoice).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(attribute => attribute.Key == key && string.Equals(attribute.Value, "true", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first that works of: the Redis that the configuration names, the machine's own Redis, a container, none.</summary>
    /// <remarks>A container comes late: an engine that answers may still be unable to fetch or run an image.</remarks>
    public static ClusteringKind Choose(IConfiguration configuration) =>
        !HasRedis ? ClusteringKind.Development
        : configuration.GetConnectionString(AppHostSettings.Redis) is { Length: > 0 } ? ClusteringKind.Connection
        : FindProgram(RedisResources.Server) is not null ? ClusteringKind.Executable
        : HasContainerEngine(configuration) ? ClusteringKind.Container
        : ClusteringKind.Development;

    /// <summary>Finds a program as a shell would.</summary>
    /// <returns>Its path, or null.</returns>
    public static string? FindProgram(string name)
    {
        var file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    private static bool HasContainerEngine(IConfiguration configuration)
    {
        // Aspire's own setting says which engine; without it, it takes the one that runs.
        string[] engines = configuration["ASPIRE_CONTAINER_RUNTIME"] is { Length: > 0 } engine ? [engine] : ["docker", "podman"];
        return engines.Any(Answers);
    }

    /// <summary>Whether an engine is there and runs: its client alone would not do.</summary>
    private static bool Answers(string engine)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(engine, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
