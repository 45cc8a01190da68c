using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Mnist.Clustering;
using Mnist.Learning.Data;
using Mnist.ServiceDefaults;

namespace Mnist.Silo.Http;

/// <summary>Health for orchestrators, metrics for Prometheus, and Orleans' dashboard for people.</summary>
internal static class HttpEndpoints
{
    /// <summary>Adds a silo that listens for HTTP. It begins to listen when it has joined the cluster.</summary>
    public static void AddTo(WebApplicationBuilder builder, HttpSettings http, ClusterSettings settings, Dataset dataset)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(http.Endpoint));
        DashboardEndpoints.AddTrainingSilo(builder, http, settings, dataset);
    }

    /// <summary>Maps the paths.</summary>
    public static void Map(WebApplication application, HttpSettings http)
    {
        application.MapDefaultEndpoints();
        if (http.IsMetricsEnabled)
        {
            application.MapMetrics();
        }

        DashboardEndpoints.Map(application, http);
    }
}
