using System.Net;
using Mnist.Learning;

namespace Mnist.Clustering;

/// <summary>
/// The short form of a cluster's configuration, as people type it: <c>primary://127.0.0.1:11111</c> (Development clustering; the
/// silo at that address holds the membership), <c>gateway://127.0.0.1:30000</c> (clients only; several are separated by commas),
/// <c>redis://localhost:6379</c>, or <c>configuration</c> for what section <c>Orleans</c> of the configuration says.
/// </summary>
public static class ClusterAddress
{
    /// <summary>The word for what the configuration says.</summary>
    public const string FromConfiguration = "configuration";

    private const string Expected = "expected primary://IP:PORT, gateway://IP:PORT, redis://HOST:PORT or " + FromConfiguration;

    /// <summary>The configuration that an address stands for.</summary>
    /// <param name="address">What was typed.</param>
    /// <param name="source">The option that it was typed for, named in errors.</param>
    /// <returns>Keys and values of section <c>Orleans</c>.</returns>
    /// <exception cref="InvalidInputException">It is not an address.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(string address, string source)
    {
        var parts = address.Split("://", 2);
        return parts switch
        {
            [FromConfiguration] => new Dictionary<string, string?>(),
            ["primary", var endpoint] when IsEndpoint(endpoint) => Clustering(
                (ClusterKeys.ProviderType, ClusterProviders.Development), (ClusterKeys.Primary, endpoint)),
            ["gateway", var list] when list.Split(',') is var gateways && Array.TrueForAll(gateways, IsEndpoint) => Clustering(
            [
                (ClusterKeys.ProviderType, ClusterProviders.Static),
                .. gateways.Select((gateway, i) => ($"{ClusterKeys.Gateways}:{i}", gateway)),
            ]),
            ["redis", { Length: > 0 } connection] => Clustering(
                (ClusterKeys.ProviderType, ClusterProviders.Redis), (ClusterKeys.ConnectionString, connection)),
            _ => throw new InvalidInputException($"{source} is '{address}', {Expected}"),
        };
    }

    /// <summary>Whether a text is an IP address with a port.</summary>
    internal static bool IsEndpoint(string text) => IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0;

    private static Dictionary<string, string?> Clustering(params ReadOnlySpan<(string Key, string Value)> entries)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in entries)
        {
            values.Add($"{ClusterKeys.Clustering}:{key}", value);
        }

        return values;
    }
}
