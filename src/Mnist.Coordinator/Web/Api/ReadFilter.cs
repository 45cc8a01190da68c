using System.Security.Cryptography;
using System.Text.Json;
using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Web.Api;

/// <summary>
/// Answers of reads: JSON, or MessagePack of the same structure where the caller accepts <c>application/x-msgpack</c>, with an ETag, so
/// that a caller who asks again and again is told in a few bytes that nothing has changed.
/// </summary>
internal sealed class ReadFilter : IEndpointFilter
{
    /// <summary>MessagePack's media type.</summary>
    public const string MessagePackType = "application/x-msgpack";

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var value = await next(context);
        if (value is null or IResult)
        {
            return value;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), ServiceJson.Options);
        var isMessagePack = AcceptsMessagePack(context.HttpContext.Request);
        return new Content(isMessagePack ? MessagePackConverter.FromJson(json) : json, isMessagePack);
    }

    private static bool AcceptsMessagePack(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(MessagePackType, StringComparison.OrdinalIgnoreCase);

    private sealed class Content(byte[] bytes, bool isMessagePack) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12))}\"";
            response.Headers.ETag = tag;
            response.Headers.CacheControl = "no-cache";
            response.Headers.Vary = "Accept";
            if (httpContext.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }

            response.ContentType = isMessagePack ? MessagePackType : "application/json; charset=utf-8";
            response.ContentLength = bytes.Length;
            return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
        }
    }
}
