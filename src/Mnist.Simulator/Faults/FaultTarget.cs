using System.Globalization;

namespace Mnist.Simulator.Faults;

/// <summary>How faults name whom they hit.</summary>
internal static class FaultTarget
{
    /// <summary>The grain that holds the run.</summary>
    public const string Run = "run";

    /// <summary>The process that calls grains from outside, where the coordinator is.</summary>
    public const string Client = "client";

    private const string SiloPrefix = "silo-";
    private const string ServerPrefix = "server/";
    private const string WorkerPrefix = "worker/";

    /// <summary>Name of a silo.</summary>
    /// <param name="number">From 1.</param>
    public static string Silo(int number) => string.Create(CultureInfo.InvariantCulture, $"{SiloPrefix}{number}");

    /// <summary>The parameter server of a partition.</summary>
    /// <param name="partition">Index of the partition.</param>
    public static string Server(int partition) => string.Create(CultureInfo.InvariantCulture, $"{ServerPrefix}{partition}");

    /// <summary>A worker.</summary>
    /// <param name="worker">Index of the worker.</param>
    public static string Worker(int worker) => string.Create(CultureInfo.InvariantCulture, $"{WorkerPrefix}{worker}");

    /// <summary>True for a grain, which is on one silo or another.</summary>
    public static bool IsGrain(string target) => target == Run || target.Contains('/', StringComparison.Ordinal);

    /// <summary>The partition that a target is the server of, or null.</summary>
    public static int? Partition(string target) => Number(target, ServerPrefix);

    /// <summary>The worker that a target is, or null.</summary>
    public static int? WorkerIndex(string target) => Number(target, WorkerPrefix);

    /// <summary>True for a target that there is in a plan.</summary>
    public static bool Exists(string target, FaultPlan plan) =>
        target is Run or Client
        || Number(target, SiloPrefix) is { } silo && silo >= 1 && silo <= plan.Cluster.Silos
        || Partition(target) < plan.Run.Partitions
        || WorkerIndex(target) < plan.Run.Workers;

    private static int? Number(string target, string prefix) =>
        target.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(target.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
