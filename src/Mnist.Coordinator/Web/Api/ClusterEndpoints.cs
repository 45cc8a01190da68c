using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web.Security;

namespace Mnist.Coordinator.Web.Api;

/// <summary>Workers, silos, and faults where they can be injected.</summary>
internal static class ClusterEndpoints
{
    /// <summary>Maps the paths.</summary>
    /// <param name="reads">Group of what only reads.</param>
    /// <param name="changes">Group of what changes something.</param>
    /// <param name="options">Says whether faults can be injected; where they cannot, asking for one is answered with 404.</param>
    public static void Map(RouteGroupBuilder reads, RouteGroupBuilder changes, ServiceOptions options)
    {
        reads.MapGet("workers", (IClusterService cluster, string? runId = null) => cluster.GetWorkers(runId))
            .WithSummary("The workers of the runs that are running");
        reads.MapGet("runs/{runId}/workers", (string runId, IClusterService cluster) => cluster.GetTimeline(runId))
            .WithSummary("Who worked on a run, and when");
        reads.MapGet("silos", (IClusterService cluster, CancellationToken stop) => cluster.GetSilosAsync(stop)).WithSummary("The silos");
        var faults = changes.MapPost("faults", InjectAsync).WithSummary("Lets something go wrong")
            .RequireAuthorization(SecurityHosting.Change);
        if (!options.EnableFaults)
        {
            // The answer says how to switch it on; the description lists what there is.
            faults.ExcludeFromDescription();
        }
    }

    private static async Task<IResult> InjectAsync(FaultOrder order, IClusterService cluster, CancellationToken stop)
    {
        await cluster.InjectAsync(order, stop);
        return Results.NoContent();
    }
}
