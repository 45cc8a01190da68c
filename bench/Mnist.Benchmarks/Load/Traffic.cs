using System.Diagnostics;
using System.Net.Http.Headers;

namespace Mnist.Benchmarks.Load;

/// <summary>Readers of a run's events, and callers that ask for predictions at a steady rate.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _tasks = [];
    private readonly HttpClient _client;
    private long _bytes;
    private long _predictions;
    private long _failures;

    private Traffic(HttpClient client) => _client = client;

    /// <summary>Bytes of events that were read.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Predictions that were answered.</summary>
    public long Predictions => Interlocked.Read(ref _predictions);

    /// <summary>Predictions that were refused, and streams that broke.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Begins.</summary>
    /// <param name="client">Reaches the coordinator.</param>
    /// <param name="runId">The run whose events are read.</param>
    /// <param name="lastEventId">The last event that readers know.</param>
    /// <param name="readers">How many readers there are.</param>
    /// <param name="prediction">What is asked: the body of a request for a prediction.</param>
    /// <param name="predictionsPerSecond">How often.</param>
    public static Traffic Start(
        HttpClient client, string runId, long lastEventId, int readers, byte[] prediction, int predictionsPerSecond)
    {
        var traffic = new Traffic(client);
        traffic._tasks.AddRange(Enumerable.Range(0, readers).Select(_ => traffic.ReadAsync(runId, lastEventId)));
        traffic._tasks.Add(traffic.PredictAsync(prediction, predictionsPerSecond));
        return traffic;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_tasks);
        _end.Dispose();
    }

    private async Task ReadAsync(string runId, long lastEventId)
    {
        var buffer = new byte[4096];
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"api/runs/{runId}/events");
            request.Headers.Add("Last-Event-ID", $"{lastEventId}");
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end.Token);
            await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(_end.Token);
            while (await stream.ReadAsync(buffer, _end.Token) is var count and > 0)
            {
                Interlocked.Add(ref _bytes, count);
            }

            Interlocked.Increment(ref _failures);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The traffic ends.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Interlocked.Increment(ref _failures);
        }
    }

    private async Task PredictAsync(byte[] prediction, int perSecond)
    {
        var (begun, asked, open) = (Stopwatch.GetTimestamp(), 0L, new List<Task>());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                // A tick that came late is made up for: the rate holds whatever the machine does.
                var due = (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
                open.RemoveAll(task => task.IsCompleted);
                for (; asked < due; asked++)
                {
                    open.Add(AskAsync(prediction));
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AskAsync(byte[] prediction)
    {
        try
        {
            using var body = new ByteArrayContent(prediction) { Headers = { ContentType = Json } };
            using var answer = await _client.PostAsync("api/predict", body, _end.Token);
            Interlocked.Increment(ref answer.IsSuccessStatusCode ? ref _predictions : ref _failures);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The traffic ends.
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failures);
        }
    }
}
