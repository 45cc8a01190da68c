using System.Net;
using Mnist.Learning;

namespace Mnist.Coordinator.Web;

/// <summary>Where the coordinator listens, and to whom.</summary>
internal sealed record ServeSettings
{
    /// <summary>URLs to listen at.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>What callers have to know; null where the machine's own users are trusted.</summary>
    public string? Token { get; init; }

    /// <summary>Whether everybody may read, wherever the coordinator listens.</summary>
    public bool PublicRead { get; init; }

    /// <summary>Whether nobody but this machine can reach the coordinator.</summary>
    public bool IsLoopbackOnly => Urls.All(url => IsLoopback(new Uri(url)));

    /// <summary>Whether reading needs no token.</summary>
    public bool IsReadOpen => PublicRead || Token is null || IsLoopbackOnly;

    /// <summary>Checks what the user typed.</summary>
    /// <param name="urls">URLs, separated by semicolons.</param>
    /// <param name="token">The token, or null.</param>
    /// <param name="publicRead">Whether everybody may read.</param>
    /// <exception cref="InvalidInputException">A URL is not usable, or others could do as they like.</exception>
    public static ServeSettings Create(string urls, string? token, bool publicRead)
    {
        var settings = new ServeSettings
        {
            Urls = [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Check)],
            Token = token,
            PublicRead = publicRead,
        };
        if (settings.Urls.Count == 0)
        {
            throw new InvalidInputException($"--urls is '{urls}', expected a URL such as http://127.0.0.1:5080");
        }

        if (token is { Length: < 16 })
        {
            throw new InvalidInputException($"--token has {token.Length} characters, expected at least 16");
        }

        return token is null && !settings.IsLoopbackOnly
            ? throw new InvalidInputException(
                "--token is missing, expected a secret of at least 16 characters, since --urls lets others than this machine in")
            : settings;
    }

    private static string Check(string url)
    {
        // A star stands for every address, as in ASP.NET Core.
        var isUrl = Uri.TryCreate(url.Replace("//*", "//0.0.0.0").Replace("//+", "//0.0.0.0"), UriKind.Absolute, out var uri);
        return isUrl && uri!.Scheme == Uri.UriSchemeHttp && uri.PathAndQuery == "/"
            ? uri.ToString()
            : throw new InvalidInputException(
                $"--urls: '{url}', expected http://ADDRESS:PORT (for HTTPS put a proxy in front)");
    }

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback && (url.HostNameType == UriHostNameType.Dns || IPAddress.IsLoopback(IPAddress.Parse(url.Host.Trim('[', ']'))));
}
