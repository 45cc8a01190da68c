using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mnist.ServiceDefaults.Metrics;

namespace Mnist.ServiceDefaults;

/// <summary>What every service of this system has, in Aspire's form: telemetry, health, HTTP clients.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Path that answers as long as the process works.</summary>
    public const string LivePath = "/health/live";

    /// <summary>Path that answers well while the process is ready for work, and no longer once it is told to stop.</summary>
    public const string ReadyPath = "/health/ready";

    /// <summary>Path at which Prometheus asks for what is measured.</summary>
    public const string MetricsPath = "/metrics";

    private const string Live = "live";
    private const string HealthChecks = "Microsoft.Extensions.Diagnostics.HealthChecks";

    /// <summary>Adds telemetry, which is exported where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, health checks and HTTP clients.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="source">Name of the program's own meter and activity source.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string source)
        where TBuilder : IHostApplicationBuilder
    {
        if (TelemetrySettings.Read(builder.Configuration) is { } settings)
        {
            OpenTelemetryDefaults.Add(builder, settings, source);
        }

        // Whoever asks gets the answer. In the log, each probe while the service stops would read like a failure.
        builder.Logging.AddFilter(HealthChecks, LogLevel.None);
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [Live])
            .AddCheck<StoppingCheck>("stopping");
        builder.Services.AddSingleton<PrometheusMetrics>();
        HttpClientDefaults.Add(builder.Services);
        return builder;
    }

    /// <summary>Maps <see cref="LivePath"/> and <see cref="ReadyPath"/>.</summary>
    /// <remarks>In every environment, unlike Aspire's template: Kubernetes asks, too. They say one word, and no more to anybody.</remarks>
    /// <param name="application">The service.</param>
    public static WebApplication MapDefaultEndpoints(this WebApplication application)
    {
        application.MapHealthChecks(LivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(Live) }).AllowAnonymous();
        application.MapHealthChecks(ReadyPath).AllowAnonymous();
        return application;
    }

    /// <summary>Maps <see cref="MetricsPath"/>, for those who may read, and measures from now on.</summary>
    /// <param name="application">The service.</param>
    public static WebApplication MapMetrics(this WebApplication application)
    {
        MetricsEndpoint.Map(application, MetricsPath);
        return application;
    }

    /// <summary>Not ready once the host is told to stop, so that nobody sends new work while it hands over what it has.</summary>
    private sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("stopping")
                : HealthCheckResult.Healthy());
    }
}
