namespace Mnist.Coordinator.Web.Security;

/// <summary>Where a person types the token, so that the browser is known from then on.</summary>
internal static class LoginEndpoints
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/login";

    /// <summary>Longest token that is looked at.</summary>
    private const int MaxTokenLength = 1024;

    private const string WrongToken =
        """<div class="notice bad" role="alert"><div>That is not the token of this coordinator.</div></div>""";

    /// <summary>Maps the page and what it sends.</summary>
    public static void Map(WebApplication application)
    {
        application.MapGet(Path, () => Page()).AllowAnonymous().ExcludeFromDescription();
        application.MapPost(Path, SignInAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
            .RequireRateLimiting(Limits.Logins);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, Secret secret)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var token = form["token"].ToString();
        if (token.Length > MaxTokenLength || !secret.IsToken(token))
        {
            return Page(WrongToken, StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(Secret.CookieName, secret.Cookie, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
        });
        return Results.Redirect("/");
    }

    /// <summary>Not a page of the dashboard, whose connection needs the token where reading does.</summary>
    private static IResult Page(string notice = "", int statusCode = StatusCodes.Status200OK) => Results.Content(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Sign in · Mnist</title>
        <script src="/dashboard/theme.js"></script>
        <link rel="stylesheet" href="/dashboard/base.css">
        <link rel="stylesheet" href="/dashboard/layout.css">
        <link rel="stylesheet" href="/dashboard/parts.css">
        <link rel="icon" type="image/svg+xml" href="/dashboard/icon.svg">
        </head>
        <body>
        <main class="sign-in">
        <form class="card" method="post" action="/login">
        <img src="/dashboard/icon.svg" width="40" height="40" alt="">
        <h1>Sign in to Mnist</h1>
        {notice}
        <div class="field">
        <label for="token">Token of this coordinator</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus aria-describedby="token-help">
        <p class="hint" id="token-help">What <code>mnist serve --token</code> was started with. This browser is known from then on.</p>
        </div>
        <button type="submit" class="button primary large">Sign in</button>
        </form>
        </main>
        </body>
        </html>
        """,
        "text/html; charset=utf-8",
        statusCode: statusCode);
}
