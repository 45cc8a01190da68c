using System.Net;
using Microsoft.Extensions.Configuration;
using Mnist.Clustering;
using Mnist.Learning;

namespace Mnist.Silo.Http;

/// <summary>What a silo serves over HTTP.</summary>
/// <param name="Endpoint">Where it listens.</param>
/// <param name="IsMetricsEnabled">Whether Prometheus gets metrics, which are measured only then.</param>
/// <param name="IsDashboardEnabled">Whether Orleans' dashboard is there.</param>
/// <param name="DashboardToken">What the dashboard asks for as a password or bearer token; null: it asks for nothing.</param>
internal sealed record HttpSettings(IPEndPoint Endpoint, bool IsMetricsEnabled, bool IsDashboardEnabled, string? DashboardToken)
{
    /// <summary>Key of the port.</summary>
    public const string PortKey = "Http:Port";

    private const string AddressKey = "Http:Address";
    private const string MetricsKey = "Metrics:Enabled";
    private const string EnabledKey = "Dashboard:Enabled";
    private const string TokenKey = "Dashboard:Token";

    /// <summary>Reads the settings.</summary>
    /// <returns>The settings, or null where nothing is served.</returns>
    /// <exception cref="InvalidInputException">A value is not usable, or the dashboard would be open to everybody.</exception>
    public static HttpSettings? Read(IConfiguration configuration)
    {
        var port = SettingReader.WholeNumber(configuration, PortKey, 0, 1, ushort.MaxValue);
        var address = SettingReader.Address(configuration, AddressKey) ?? IPAddress.Loopback;
        var isDashboardEnabled = SettingReader.Flag(configuration, EnabledKey);
        var isMetricsEnabled = SettingReader.Flag(configuration, MetricsKey);
        var token = configuration[TokenKey] is { Length: > 0 } text ? text : null;
        RequirePort(isDashboardEnabled, EnabledKey, "the dashboard");
        RequirePort(isMetricsEnabled, MetricsKey, "/metrics");
        if (isDashboardEnabled && token is null && !IPAddress.IsLoopback(address))
        {
            throw new InvalidInputException(
                $"{TokenKey} is missing, expected a secret, since {AddressKey} is {address}: others could see the dashboard");
        }

        return port == 0 ? null : new HttpSettings(new IPEndPoint(address, port), isMetricsEnabled, isDashboardEnabled, token);

        void RequirePort(bool isEnabled, string key, string served)
        {
            if (isEnabled && port == 0)
            {
                throw new InvalidInputException($"{key} is true, but {PortKey} is missing, expected the port to serve {served} at");
            }
        }
    }
}
