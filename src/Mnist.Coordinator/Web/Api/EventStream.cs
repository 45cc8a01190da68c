using System.Globalization;
using System.Text.Json;
using Mnist.Coordinator.Service;
using Mnist.Learning;

namespace Mnist.Coordinator.Web.Api;

/// <summary>
/// Events of a run as server-sent events. Each reader fetches events at its own pace, so that none is buffered for a slow one; a
/// reader that takes nothing for some seconds is dropped, and may come back with <c>Last-Event-ID</c>.
/// </summary>
internal static class EventStream
{
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Writes events until the run ends or the reader goes.</summary>
    public static async Task WriteAsync(string runId, HttpContext context, IRunService runs, IHostApplicationLifetime lifetime)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var events = runs.WatchAsync(runId, LastId(context.Request), stop.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await using var reader = events.GetAsyncEnumerator(stop.Token);
        try
        {
            await FlushAsync(context, ": the events of a run\n\n"u8.ToArray());
            var next = reader.MoveNextAsync().AsTask();
            while (true)
            {
                if (await Task.WhenAny(next, Task.Delay(HeartbeatInterval, stop.Token)) != next)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    await FlushAsync(context, ": still here\n\n"u8.ToArray());
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                await FlushAsync(context, Format(reader.Current));
                next = reader.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or reads nothing, or the coordinator stops.
        }
    }

    private static byte[] Format(RunEvent next)
    {
        var data = JsonSerializer.Serialize(next, ServiceJson.Options);
        return System.Text.Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"id: {next.Id}\nevent: {next.Type}\ndata: {data}\n\n"));
    }

    private static async Task FlushAsync(HttpContext context, byte[] content)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(WriteTimeout);
        try
        {
            await context.Response.BodyWriter.WriteAsync(content, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            throw;
        }
    }

    private static long LastId(HttpRequest request)
    {
        // A browser that connects again says what it knows in a header; the first time it can only say it in the URL.
        var text = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : request.Query["after"].ToString();
        return text.Length == 0 ? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id
            : throw new InvalidInputException("Last-Event-ID is no event's id, expected a number of 0 or more");
    }
}
