using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mnist.Clustering;
using Mnist.Learning.Data;

namespace Mnist.Silo.Http;

/// <summary>Health for orchestrators, and Orleans' dashboard for people.</summary>
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
        var stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        application.MapGet("/health/live", () => Results.Text("alive"));
        application.MapGet("/health/ready", () => stopping.IsCancellationRequested
            ? Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready"));
        DashboardEndpoints.Map(application, http);
    }
}
