using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Mnist.Coordinator.Service;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Orleans.Runtime;

namespace Mnist.Coordinator.Web;

/// <summary>Answers errors with problem details (RFC 9457) that tell the caller what is wrong and nothing about this machine.</summary>
internal sealed partial class Problems(IProblemDetailsService details, ILogger<Problems> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var status = StatusOf(exception, httpContext);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception, httpContext.Request.Method);
        }

        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status429TooManyRequests)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        // Who accepts no problem details gets the status alone.
        await details.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails =
            {
                Status = status,
                Title = ReasonPhrases.GetReasonPhrase(status),
                Detail = exception is BadHttpRequestException
                    ? PublicMessage.Clean(exception.GetBaseException().Message)
                    : PublicMessage.Of(exception),
            },
        });
        return true;
    }

    private static int StatusOf(Exception exception, HttpContext context) => exception switch
    {
        InvalidInputException => StatusCodes.Status400BadRequest,
        BadHttpRequestException bad => bad.StatusCode,
        JsonException => StatusCodes.Status400BadRequest,
        ServiceException { Problem: ServiceProblem.NotFound } => StatusCodes.Status404NotFound,
        ServiceException { Problem: ServiceProblem.Conflict } or RunRejectedException => StatusCodes.Status409Conflict,
        ServiceException { Problem: ServiceProblem.TooMany } => StatusCodes.Status429TooManyRequests,
        ServiceException or OrleansException or TimeoutException => StatusCodes.Status503ServiceUnavailable,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    private partial void LogFailure(Exception exception, string method);
}
