using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Mnist.Clustering;

/// <summary>A silo's addresses, where the configuration leaves them open.</summary>
internal static class EndpointDefaults
{
    private const string SiloPort = "SiloPort";
    private const string GatewayPort = "GatewayPort";
    private const string AdvertisedAddress = "AdvertisedIPAddress";

    /// <summary>
    /// Any free ports, so that several silos fit on one machine; with Development clustering on this machine only, and the primary silo
    /// where it is said to be.
    /// </summary>
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

        defaults[$"{section.Path}:{SiloPort}"] = Text(siloPort > 0 ? siloPort : ReservedPorts.Reserve());
        defaults[$"{section.Path}:{GatewayPort}"] = Text(gatewayPort > 0 ? gatewayPort : ReservedPorts.Reserve());
    }

    /// <summary>The address at which everybody looks for the membership, and no gateway: clients connect to silos that compute.</summary>
    public static void AddPrimary(IPEndPoint primary, Dictionary<string, string?> defaults)
    {
        defaults[$"{ClusterKeys.Endpoints}:{AdvertisedAddress}"] = $"{primary.Address}";
        defaults[$"{ClusterKeys.Endpoints}:{SiloPort}"] = Text(primary.Port);
        defaults[$"{ClusterKeys.Endpoints}:{GatewayPort}"] = Text(0);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
