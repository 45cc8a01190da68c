using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mnist.ServiceDefaults.Metrics;

/// <summary>Where Prometheus asks.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps the path and begins to listen, so that nothing is missed that is measured before the first scrape.</summary>
    public static void Map(WebApplication application, string path)
    {
        var metrics = application.Services.GetRequiredService<PrometheusMetrics>();
        application.MapGet(path, (HttpContext context) =>
        {
            context.Response.ContentType = PrometheusMetrics.ContentType;
            return context.Response.WriteAsync(metrics.Format(), context.RequestAborted);
        }).ExcludeFromDescription();
    }
}
