using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Mnist.Clustering;

/// <summary>A silo's addresses, where the configuration leaves them open.</summary>
internal static class EndpointDefaults
{
    private const string SiloPort = "SiloPort";
    private const string GatewayPort = "GatewayPort";
    private const string AdvertisedAddress = "AdvertisedIPAddress";

    /// <summary>Any free ports; with Development clustering on this machine only, and the primary silo where it is said to be.</summary>
    public static void Add(IConfiguration configuration, ClusterSettings settings, Dictionary<string, string?> defaults)
    {
        var section = configuration.GetSection(ClusterKeys.Endpoints);
        var siloPort = SettingReader.WholeNumber(section, SiloPort, 0, 1, ushort.MaxValue);
        var gatewayPort = SettingReader.WholeNumber(section, GatewayPort, 0, 1, ushort.MaxValue);
        var address = SettingReader.Address(section, AdvertisedAddress);
        if (settings.Provider == ClusterProviders.Development)
        {
            defaults[$"{section.Path}:{AdvertisedAddress}"] = $"{address ?? IPAddress.Loopback}";
        }

        var (freeSilo, freeGateway) = FreePorts();
        defaults[$"{section.Path}:{SiloPort}"] = Text(siloPort > 0 ? siloPort : freeSilo);
        defaults[$"{section.Path}:{GatewayPort}"] = Text(gatewayPort > 0 ? gatewayPort : freeGateway);
    }

    /// <summary>The address at which everybody looks for the membership, and no gateway: clients connect to silos that compute.</summary>
    public static void AddPrimary(IPEndPoint primary, Dictionary<string, string?> defaults)
    {
        defaults[$"{ClusterKeys.Endpoints}:{AdvertisedAddress}"] = $"{primary.Address}";
        defaults[$"{ClusterKeys.Endpoints}:{SiloPort}"] = Text(primary.Port);
        defaults[$"{ClusterKeys.Endpoints}:{GatewayPort}"] = Text(0);
    }

    /// <summary>Two ports that were free a moment ago, so that several silos fit on one machine.</summary>
    private static (int Silo, int Gateway) FreePorts()
    {
        using var silo = new TcpListener(IPAddress.Any, 0);
        using var gateway = new TcpListener(IPAddress.Any, 0);
        silo.Start();
        gateway.Start();
        return (((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
