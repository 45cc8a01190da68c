using Microsoft.Extensions.DependencyInjection;

namespace Mnist.ServiceDefaults;

/// <summary>HTTP clients as .NET has them.</summary>
internal static class HttpClientDefaults
{
    /// <summary>Adds nothing.</summary>
    public static void Add(IServiceCollection services)
    {
    }
}
