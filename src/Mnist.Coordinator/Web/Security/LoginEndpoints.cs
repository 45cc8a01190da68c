namespace Mnist.Coordinator.Web.Security;

/// <summary>Where a person types the token, so that the browser is known from then on.</summary>
internal static class LoginEndpoints
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/login";

    /// <summary>Longest token that is looked at.</summary>
    private const int MaxTokenLength = 1024;

    private const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Mnist: token</title><meta name="viewport" content="width=device-width, initial-scale=1"></head>
        <body><main><h1>Mnist</h1>
        <form method="post" action="/login">
        <p><label for="token">Token of this coordinator</label></p>
        <p><input id="token" name="token" type="password" autocomplete="current-password" required autofocus></p>
        <p><button type="submit">Continue</button></p>
        </form></main></body>
        </html>
        """;

    /// <summary>Maps the page and what it sends.</summary>
    public static void Map(WebApplication application)
    {
        application.MapGet(Path, () => Results.Content(Page, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        application.MapPost(Path, SignInAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .RequireRateLimiting(Limits.Logins);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, Secret secret)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var token = form["token"].ToString();
        if (token.Length > MaxTokenLength || !secret.IsToken(token))
        {
            return Results.Problem("that is not the token", statusCode: StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(Secret.CookieName, secret.Cookie, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
        });
        return Results.Redirect("/");
    }
}
