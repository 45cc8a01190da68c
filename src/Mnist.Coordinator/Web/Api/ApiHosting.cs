using Mnist.Coordinator.Service;
using Mnist.Coordinator.Web.Security;

namespace Mnist.Coordinator.Web.Api;

/// <summary>The REST API under <c>/api</c>.</summary>
internal static class ApiHosting
{
    /// <summary>Adds what the API needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.AddOpenApi();
        builder.Services.AddSingleton<EventStream>();
        builder.Services.ConfigureHttpJsonOptions(json => ServiceJson.Configure(json.SerializerOptions));

        // What is wrong with a request is told, in every environment; the framework tells it to developers only.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>Adds what requests go through before anything answers them.</summary>
    public static void Use(WebApplication application, ServeSettings settings)
    {
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        SecurityHosting.Use(application, settings);
    }

    /// <summary>Maps the paths.</summary>
    public static void Map(WebApplication application, ServiceOptions options)
    {
        application.MapOpenApi();
        LoginEndpoints.Map(application);

        var changes = application.MapGroup("/api");
        var reads = application.MapGroup("/api").AddEndpointFilter<ReadFilter>();
        reads.MapGet("/", (IRunService runs) => runs.About).WithSummary("What this coordinator is");
        RunEndpoints.Map(reads.MapGroup("runs"), changes.MapGroup("runs"));
        ResultEndpoints.Map(reads.MapGroup("runs/{runId}"));
        ClusterEndpoints.Map(reads, changes, options);
        PredictEndpoints.Map(reads);
    }
}
