using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Mnist.Learning;

namespace Mnist.Clustering;

/// <summary>Reads single values of the configuration. Errors are one line: the key, what was found, what was expected.</summary>
public static class SettingReader
{
    /// <summary>Any text; null where there is none, or an empty one.</summary>
    public static string? Text(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } text ? text : null;

    /// <summary>A value out of a list, in any case of letters.</summary>
    /// <exception cref="InvalidInputException">It is another one.</exception>
    public static string Choice(IConfiguration configuration, string key, string fallback, IReadOnlyList<string> choices)
    {
        var text = Text(configuration, key) ?? fallback;
        return choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid(configuration, key, text, $"one of {string.Join(", ", choices)} in this build");
    }

    /// <summary>A whole number within a range.</summary>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public static int WholeNumber(IConfiguration configuration, string key, int fallback, int min, int max)
    {
        if (Text(configuration, key) is not { } text)
        {
            return fallback;
        }

        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        return isNumber && value >= min && value <= max
            ? value
            : throw Invalid(configuration, key, text, $"a whole number from {min} to {max}");
    }

    /// <summary>A time in seconds within a range.</summary>
    /// <exception cref="InvalidInputException">It is not.</exception>
    public static TimeSpan Seconds(IConfiguration configuration, string key, double fallback, double min, double max)
    {
        if (Text(configuration, key) is not { } text)
        {
            return TimeSpan.FromSeconds(fallback);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? TimeSpan.FromSeconds(value)
            : throw Invalid(configuration, key, text, string.Create(CultureInfo.InvariantCulture, $"{min} to {max} seconds"));
    }

    /// <summary>An IP address with a port; null where there is none.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static IPEndPoint? Endpoint(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text)
        {
            return null;
        }

        return IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw Invalid(configuration, key, text, "IP:PORT");
    }

    /// <summary>An IP address; null where there is none.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static IPAddress? Address(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text)
        {
            return null;
        }

        return IPAddress.TryParse(text, out var address) ? address : throw Invalid(configuration, key, text, "an IP address");
    }

    /// <summary>Yes or no.</summary>
    /// <exception cref="InvalidInputException">It is something else.</exception>
    public static bool Flag(IConfiguration configuration, string key)
    {
        if (Text(configuration, key) is not { } text)
        {
            return false;
        }

        return bool.TryParse(text, out var value) ? value : throw Invalid(configuration, key, text, "true or false");
    }

    private static InvalidInputException Invalid(IConfiguration configuration, string key, string found, string expected)
    {
        var path = configuration is IConfigurationSection section ? $"{section.Path}:{key}" : key;
        return new InvalidInputException($"{path} is '{found}', expected {expected}");
    }
}
