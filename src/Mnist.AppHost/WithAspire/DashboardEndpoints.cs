using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Mnist.AppHost;

/// <summary>Where the dashboard listens, and what it reads from. A second AppHost wants the same addresses as the first.</summary>
internal static class DashboardEndpoints
{
    private static readonly string[] Keys =
    [
        "ASPNETCORE_URLS",
        "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL",
        "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL",
        "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL",
    ];

    /// <summary>Makes sure, before anything is started, that no other program listens there.</summary>
    /// <param name="configuration">Has the addresses, from the launch profile or the environment.</param>
    /// <exception cref="AppHostSettingsException">One does; the message names the setting.</exception>
    public static void RequireFree(IConfiguration configuration)
    {
        foreach (var key in Keys)
        {
            foreach (var url in (configuration[key] ?? "").Split(';'))
            {
                if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && !IsFree(uri))
                {
                    throw new AppHostSettingsException(
                        $"{key} is {url}, where another program listens, expected a free port; is another AppHost running?");
                }
            }
        }
    }

    private static bool IsFree(Uri uri)
    {
        using var listener = new TcpListener(uri.IsLoopback ? IPAddress.Loopback : IPAddress.Any, uri.Port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
