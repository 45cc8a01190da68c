using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mnist.ServiceDefaults;

/// <summary>Logs, metrics and traces over OTLP. Added only where they are exported: without a listener nothing is measured.</summary>
internal static class OpenTelemetryDefaults
{
    private const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>Adds the export.</summary>
    public static void Add(IHostApplicationBuilder builder, TelemetrySettings settings, string source)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (!settings.HasServiceName)
                {
                    resource.AddService(builder.Environment.ApplicationName);
                }
            })
            .WithMetrics(metrics => metrics
                .AddMeter(source, OrleansMeter)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource(source)
                .AddAspNetCoreInstrumentation(options => options.Filter = IsOfInterest)
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }

    /// <summary>Probes and scrapes come every few seconds and say nothing.</summary>
    private static bool IsOfInterest(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health")
        && !context.Request.Path.StartsWithSegments(ServiceDefaultsExtensions.MetricsPath);
}
