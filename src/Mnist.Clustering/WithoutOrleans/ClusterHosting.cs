using Microsoft.Extensions.Hosting;
using Mnist.Learning;
using Mnist.Learning.Data;
using Orleans.Hosting;

namespace Mnist.Clustering;

/// <summary>Says that this edition has no cluster.</summary>
public static class ClusterHosting
{
    private const string Missing =
        "this is the Embedded edition, which is one process: a cluster needs Microsoft.Orleans.Server and Microsoft.Orleans.Sdk, "
        + "which could not be restored when it was built (artifacts/editions says why)";

    /// <summary>Refuses.</summary>
    /// <exception cref="InvalidInputException">Always.</exception>
    public static void EnsureAvailable() => throw new InvalidInputException(Missing);

    /// <summary>Refuses.</summary>
    /// <exception cref="InvalidInputException">Always.</exception>
    public static void AddTrainingSilo(this IHostApplicationBuilder builder, ClusterSettings settings, Dataset dataset) =>
        throw new InvalidInputException(Missing);

    /// <summary>Refuses.</summary>
    /// <exception cref="InvalidInputException">Always.</exception>
    public static void AddPrimarySilo(this IHostApplicationBuilder builder, ClusterSettings settings) =>
        throw new InvalidInputException(Missing);

    /// <summary>Refuses.</summary>
    /// <exception cref="InvalidInputException">Always.</exception>
    public static void AddClusterClient(this IHostApplicationBuilder builder, Action<string> unreachable) =>
        throw new InvalidInputException(Missing);

    /// <summary>Does nothing: in one process there is no directory to remember a part of.</summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder KeepDirectoryCacheSmall(this ISiloBuilder silo) => silo;
}
