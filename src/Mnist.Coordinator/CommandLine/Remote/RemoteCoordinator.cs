using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Training;
using Mnist.Learning;

namespace Mnist.Coordinator.CommandLine.Remote;

/// <summary>A coordinator that runs elsewhere, over its API.</summary>
internal sealed class RemoteCoordinator : IDisposable
{
    private const int MaxReconnects = 10;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);
    private readonly HttpClient _client;
    private readonly string _url;

    /// <summary>Connects when it is first asked.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="token">Its token, or null.</param>
    /// <exception cref="InvalidInputException">The URL is not one.</exception>
    public RemoteCoordinator(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new InvalidInputException($"--url is '{url}', expected a URL such as {ServeDefaults.Url}");
        }

        _url = url;
        _client = new HttpClient { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Reads something.</summary>
    /// <exception cref="InvalidInputException">There is no such thing, or it may not be read.</exception>
    /// <exception cref="RunFailedException">The coordinator cannot be reached, or fails.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>Has something done.</summary>
    /// <exception cref="InvalidInputException">It cannot be done to what it is asked for.</exception>
    /// <exception cref="RunFailedException">The coordinator cannot be reached, or fails.</exception>
    public Task<T> PostAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(new HttpRequestMessage(HttpMethod.Post, path), cancellationToken);

    /// <summary>Has something deleted.</summary>
    /// <exception cref="InvalidInputException">There is no such thing, or it cannot be deleted.</exception>
    /// <exception cref="RunFailedException">The coordinator cannot be reached, or fails.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        using var response = await RequestAsync(request, cancellationToken);
    }

    /// <summary>The events of a run, from the first on. A connection that breaks is made again, and nothing is missed.</summary>
    public async IAsyncEnumerable<RunEvent> WatchAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (lastId, failures, isEnd) = (0L, 0, false);
        while (!isEnd)
        {
            await using var events = ReadAsync(runId, lastId, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(events, failures))
            {
                (lastId, failures) = (events.Current.Id, 0);
                isEnd = RunEventTypes.IsEnd(events.Current.Type);
                yield return events.Current;
            }

            if (!isEnd)
            {
                isEnd = await HasEndedAsync(runId, lastId, cancellationToken);
                failures++;
                await Task.Delay(isEnd ? TimeSpan.Zero : ReconnectDelay, cancellationToken);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<RunEvent> events, int failures)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception)
            when (failures < MaxReconnects && exception is (HttpRequestException or IOException or RunFailedException))
        {
            return false;
        }
    }

    private async Task<bool> HasEndedAsync(string runId, long lastId, CancellationToken cancellationToken)
    {
        try
        {
            var run = await GetAsync<RunView>($"api/runs/{Uri.EscapeDataString(runId)}", cancellationToken);
            return run.LastEventId <= lastId && run.Status is not (RunPhase.Running or RunPhase.Queued);
        }
        catch (RunFailedException)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<RunEvent> ReadAsync(
        string runId, long lastId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/runs/{Uri.EscapeDataString(runId)}/events");
        request.Headers.Add("Last-Event-ID", $"{lastId}");
        using var response = await RequestAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (JsonSerializer.Deserialize<RunEvent>(item.Data, ServiceJson.Options) is { } happened)
            {
                yield return happened;
            }
        }
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await RequestAsync(request, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync<T>(body, ServiceJson.Options, cancellationToken)
                ?? throw new RunFailedException($"{_url}: answers null, expected a {typeof(T).Name}");
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new RunFailedException($"{_url}: cannot be reached: {exception.GetBaseException().Message}", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var reason = await ReasonAsync(response, cancellationToken);
            throw response.StatusCode is HttpStatusCode.Unauthorized
                ? new InvalidInputException($"--token: {_url} wants another one, or one at all")
                : (int)response.StatusCode < 500 ? new InvalidInputException(reason) : new RunFailedException($"{_url}: {reason}");
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return problem.GetProperty("detail").GetString()!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return $"answers {(int)response.StatusCode}";
        }
    }
}
