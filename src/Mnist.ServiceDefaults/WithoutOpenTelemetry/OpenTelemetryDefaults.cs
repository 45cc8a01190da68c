using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mnist.ServiceDefaults;

/// <summary>Says that this build cannot export telemetry.</summary>
internal static partial class OpenTelemetryDefaults
{
    /// <summary>Adds a warning to the log.</summary>
    public static void Add(IHostApplicationBuilder builder, TelemetrySettings settings, string source) =>
        builder.Services.AddHostedService(services =>
            new Warning(services.GetRequiredService<ILoggerFactory>().CreateLogger(source), settings.Endpoint));

    private sealed partial class Warning(ILogger logger, string endpoint) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            LogMissing(logger, endpoint);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "no telemetry goes to {Endpoint}: OpenTelemetry could not be restored when this was built")]
        private static partial void LogMissing(ILogger logger, string endpoint);
    }
}
