using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Mnist.Coordinator.Web.Security;

/// <summary>
/// Knows callers by the token, which programs send as a bearer token and browsers as a cookie that they got for it. Where there is no
/// token everybody on this machine is an operator.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServeSettings settings, Secret secret)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Token";

    /// <summary>Role of callers that may change things.</summary>
    public const string Operator = "operator";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (settings.Token is not null && !secret.IsToken(Bearer()) && !secret.IsCookie(Request.Cookies[Secret.CookieName]))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, Operator), new Claim(ClaimTypes.Role, Operator)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (HttpMethods.IsGet(Request.Method) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            Response.Redirect(LoginEndpoints.Path);
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Bearer realm=\"mnist\"";
        return Task.CompletedTask;
    }

    private string? Bearer() =>
        AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
        && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : null;
}

/// <summary>Compares what callers show with the token, in the same time whatever they show.</summary>
internal sealed class Secret(ServeSettings settings)
{
    /// <summary>Name of the cookie that a browser gets for the token.</summary>
    public const string CookieName = "mnist-session";

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(settings.Token ?? ""));

    /// <summary>What the cookie holds: nobody finds the token from it, and it is another one once the token changes.</summary>
    public string Cookie { get; } = Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Token ?? ""), "mnist dashboard session"u8));

    /// <summary>Whether a text is the token.</summary>
    public bool IsToken(string? shown) =>
        settings.Token is not null && shown is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(shown)), _hash);

    /// <summary>Whether a text is the cookie.</summary>
    public bool IsCookie(string? shown) =>
        settings.Token is not null && shown is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(Cookie));
}
