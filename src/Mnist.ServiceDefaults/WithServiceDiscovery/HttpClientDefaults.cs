using Microsoft.Extensions.DependencyInjection;

namespace Mnist.ServiceDefaults;

/// <summary>HTTP clients that find services by their names, and repeat what failed for a moment.</summary>
internal static class HttpClientDefaults
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
    }
}
