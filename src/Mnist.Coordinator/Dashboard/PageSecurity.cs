using Microsoft.Net.Http.Headers;

namespace Mnist.Coordinator.Dashboard;

/// <summary>What pages may load, and who may talk to them.</summary>
internal static class PageSecurity
{
    /// <summary>
    /// Scripts, styles and connections of this origin only, nothing inline; pictures of digits come as data within the page.
    /// </summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private const string ConnectionPath = "/_blazor";

    /// <summary>Sets the headers of all answers, and refuses connections that pages of other origins open.</summary>
    /// <param name="application">The application.</param>
    public static void UsePageSecurity(this WebApplication application) => application.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.Path.StartsWithSegments(ConnectionPath, StringComparison.Ordinal) && !IsOwnOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    });

    /// <summary>Browsers send the origin with every WebSocket, and let pages of any origin open one.</summary>
    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers[HeaderNames.Origin].ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);
    }
}
