using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Web.Api;

/// <summary>The REST API under <c>/api</c>.</summary>
internal static class ApiHosting
{
    /// <summary>Adds what the API needs.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<Problems>();
        builder.Services.ConfigureHttpJsonOptions(json => ServiceJson.Configure(json.SerializerOptions));
    }

    /// <summary>Maps the paths.</summary>
    public static void Map(WebApplication application)
    {
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        var api = application.MapGroup("/api");
        api.MapGet("/", (IRunService runs) => runs.About).WithSummary("What this coordinator is");
        RunEndpoints.Map(api.MapGroup("/runs"));
        ResultEndpoints.Map(api.MapGroup("/runs/{runId}"));
        PredictEndpoints.Map(api);
    }
}
