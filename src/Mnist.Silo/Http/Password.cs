using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Mnist.Silo.Http;

/// <summary>A secret that requests show: programs as a bearer token, browsers as the password of any user.</summary>
internal sealed class Password(string secret)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Whether an <c>Authorization</c> header shows the secret. Takes the same time whatever it shows.</summary>
    public bool IsIn(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || value.Parameter is null)
        {
            return false;
        }

        var shown = value.Scheme.ToUpperInvariant() switch
        {
            "BEARER" => Encoding.UTF8.GetBytes(value.Parameter),
            "BASIC" => PasswordOf(value.Parameter),
            _ => [],
        };
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(shown), _hash);
    }

    /// <summary>What follows the colon in base64 of <c>user:password</c>.</summary>
    private static byte[] PasswordOf(string encoded)
    {
        var buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out var length))
        {
            return [];
        }

        var pair = buffer.AsSpan(0, length);
        return pair[(pair.IndexOf((byte)':') + 1)..].ToArray();
    }
}
