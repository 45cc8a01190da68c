using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Mnist.ServiceDefaults;

/// <summary>Where telemetry goes, as OpenTelemetry's environment variables say it.</summary>
/// <param name="Endpoint">Where it is sent.</param>
/// <param name="HasServiceName">Whether the environment says what this service is called.</param>
internal sealed record TelemetrySettings(string Endpoint, bool HasServiceName)
{
    private const string Prefix = "OTEL_";
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Reads the settings, and adds them to a configuration that leaves the environment out.</summary>
    /// <returns>The settings, or null where nothing is to be exported.</returns>
    public static TelemetrySettings? Read(IConfigurationManager configuration)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && configuration[variable.Key] is null);
        configuration.AddInMemoryCollection(environment);
        return configuration[EndpointKey] is { Length: > 0 } endpoint
            ? new TelemetrySettings(endpoint, configuration["OTEL_SERVICE_NAME"] is { Length: > 0 })
            : null;
    }
}
