using Microsoft.AspNetCore.RateLimiting;

namespace Mnist.Coordinator.Web.Security;

/// <summary>How much callers may ask for.</summary>
internal static class Limits
{
    /// <summary>Policy of predictions.</summary>
    public const string Predictions = "predictions";

    /// <summary>Policy of attempts to sign in.</summary>
    public const string Logins = "logins";

    /// <summary>The most bytes of a request's body: a photograph as PNG.</summary>
    public const long MaxBodyBytes = 4 << 20;

    private const int PredictionsPerSecond = 500;
    private const int LoginsPerMinute = 30;
    private const int MaxConnections = 2000;

    /// <summary>Adds the limits.</summary>
    public static void Add(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
                return ValueTask.CompletedTask;
            };
            limiter.AddFixedWindowLimiter(Predictions, options =>
            {
                (options.PermitLimit, options.Window, options.QueueLimit) = (PredictionsPerSecond, TimeSpan.FromSeconds(1), 0);
            });
            limiter.AddFixedWindowLimiter(Logins, options =>
            {
                (options.PermitLimit, options.Window, options.QueueLimit) = (LoginsPerMinute, TimeSpan.FromMinutes(1), 0);
            });
        });
    }
}
