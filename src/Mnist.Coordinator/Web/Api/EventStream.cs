using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Mnist.Coordinator.Service;
using Mnist.Learning;

namespace Mnist.Coordinator.Web.Api;

/// <summary>
/// Events of a run as server-sent events. Each reader fetches events at its own pace, so that none is buffered for a slow one; a
/// reader that takes nothing for some seconds is dropped, and may come back with <c>Last-Event-ID</c>.
/// </summary>
internal sealed partial class EventStream(
    IRunService runs, ServiceOptions options, IHostApplicationLifetime lifetime, ILogger<EventStream> logger)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Writes events until the run ends or the reader goes.</summary>
    public async Task WriteAsync(string runId, HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var events = runs.WatchAsync(runId, LastId(context.Request), stop.Token);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } minimum)
        {
            // The server would drop a slow reader after five seconds, by a rule of its own and without a word.
            minimum.MinDataRate = null;
        }

        await using var reader = events.GetAsyncEnumerator(stop.Token);
        try
        {
            await FlushAsync(runId, context, ": the events of a run\n\n"u8.ToArray());
            var next = reader.MoveNextAsync().AsTask();
            while (true)
            {
                if (await IsSilentAsync(next, stop.Token))
                {
                    await FlushAsync(runId, context, ": still here\n\n"u8.ToArray());
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                await FlushAsync(runId, context, Format(reader.Current));
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

    /// <summary>Whether nothing happens for so long that a reader would doubt that there is still somebody.</summary>
    private static async Task<bool> IsSilentAsync(Task<bool> next, CancellationToken stop)
    {
        try
        {
            await next.WaitAsync(HeartbeatInterval, stop);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private async Task FlushAsync(string runId, HttpContext context, byte[] content)
    {
        using var patience = new CancellationTokenSource(options.ReaderTimeout);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await context.Response.BodyWriter.WriteAsync(content, end.Token);
        }
        catch (OperationCanceledException)
        {
            // Not the request's own end: the server aborts it as soon as a write is given up.
            if (patience.IsCancellationRequested)
            {
                LogDropped(runId, options.ReaderTimeout.TotalSeconds);
            }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}: dropped a reader of its events that took nothing for {Seconds} s")]
    private partial void LogDropped(string runId, double seconds);
}
