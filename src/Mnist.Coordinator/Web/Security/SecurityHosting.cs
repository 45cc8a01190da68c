using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Mnist.Coordinator.Web.Security;

/// <summary>Who may do what, and what browsers are told to be careful about.</summary>
internal static class SecurityHosting
{
    /// <summary>Policy of everything that changes or costs.</summary>
    public const string Change = "change";

    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds authentication, authorization and limits.</summary>
    public static void Add(WebApplicationBuilder builder, ServeSettings settings)
    {
        builder.Services.AddSingleton<Secret>();
        builder.Services.AddAuthentication(TokenAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        var change = new AuthorizationPolicyBuilder().RequireRole(TokenAuthentication.Operator).Build();
        var read = settings.IsReadOpen ? new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build() : change;
        builder.Services.AddAuthorizationBuilder().AddPolicy(Change, change).SetDefaultPolicy(read).SetFallbackPolicy(read);
        Limits.Add(builder);
    }

    /// <summary>Adds what every request goes through.</summary>
    public static void Use(WebApplication application, ServeSettings settings)
    {
        application.Use((context, next) =>
        {
            SetHeaders(context.Response.Headers);
            return Refusal(context.Request, settings) is { } reason
                ? Results.Problem(reason, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context)
                : next(context);
        });
        application.UseAuthentication();
        application.UseAuthorization();
        application.UseRateLimiter();
    }

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // Not no-referrer: with that, browsers call the origin of a form that is sent "null", and nobody could sign in.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
    }

    /// <summary>Why a request is not answered: it comes from a page of somebody else's.</summary>
    private static string? Refusal(HttpRequest request, ServeSettings settings)
    {
        if (settings.IsLoopbackOnly && !IsLocal(request.Host.Host))
        {
            // A page elsewhere whose name was made to point to this machine.
            return "the host is not this machine, expected localhost";
        }

        var isSafe = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !IsWebSocket(request);
        if (isSafe)
        {
            return null;
        }

        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isOurs = (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}") && site is "" or "same-origin" or "none";
        return isOurs ? null : "the request comes from a page of another origin";
    }

    private static bool IsLocal(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";

    private static bool IsWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
        || request.Headers[":protocol"].ToString() == "websocket";
}
