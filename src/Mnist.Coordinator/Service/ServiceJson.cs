using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mnist.Coordinator.Service;

/// <summary>How the service's records look as JSON, in events and on the wire.</summary>
public static class ServiceJson
{
    /// <summary>Names in camel case, enumerations as words.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Sets the options of somebody else's serializer.</summary>
    /// <param name="options">The options.</param>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);

        // Logs of newer versions may hold more.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        return options;
    }
}
