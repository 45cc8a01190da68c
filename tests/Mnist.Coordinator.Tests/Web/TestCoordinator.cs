using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Mnist.Coordinator.Service;
using Mnist.Coordinator.Tests.Support;
using Mnist.Coordinator.Web;
using Mnist.Learning.Data;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>A coordinator in this process with real grains and a small data set, reached without a network unless it listens.</summary>
internal sealed class TestCoordinator : IAsyncDisposable
{
    public const string Token = "a token for tests only";
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly WebApplication _application;

    private TestCoordinator(WebApplication application) => _application = application;

    public static async Task<TestCoordinator> StartAsync(
        TemporaryFolder folder,
        ServeSettings? settings = null,
        Func<ServiceOptions, ServiceOptions>? change = null,
        Action<WebApplicationBuilder>? listen = null)
    {
        var data = folder.At("data");
        var dataset = DatasetReader.Load(Directory.Exists(data) ? data : SyntheticDataset.Write(data));
        var options = new ServiceOptions
        {
            RunsDirectory = folder.At("runs"),
            RunsAtOnce = 1,
            EnableFaults = true,
            MaxSamplePasses = 10_000_000,
        };
        var application = CoordinatorHost.Build(
            change?.Invoke(options) ?? options,
            settings ?? ServeSettings.Create(listen is null ? "http://127.0.0.1:5080" : "http://127.0.0.1:0", null, publicRead: false),
            dataset,
            isVerbose: false,
            _ => { },
            listen ?? (builder => builder.WebHost.UseTestServer()));
        await application.StartAsync();
        return new TestCoordinator(application);
    }

    public IServiceProvider Services => _application.Services;

    /// <summary>Where it listens; null where it is reached without a network.</summary>
    public Uri? Url => _application.Urls.FirstOrDefault() is { } url ? new Uri(url) : null;

    public HttpClient CreateClient(string? token = null)
    {
        var isListening = _application.Services.GetRequiredService<IServer>() is not TestServer;
        var client = isListening ? new HttpClient { BaseAddress = Url } : _application.GetTestClient();
        client.BaseAddress ??= new Uri("http://localhost");
        client.Timeout = Patience;
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}

/// <summary>What tests do over HTTP.</summary>
internal static class HttpExtensions
{
    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(path, new StringContent(json, new MediaTypeHeaderValue("application/json")));

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync());

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonElement.Parse(body);
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Begins a run.</summary>
    /// <returns>Its name.</returns>
    public static async Task<string> BeginAsync(this HttpClient client, string options)
    {
        using var response = await client.PostJsonAsync("/api/runs", options);
        var body = await response.ReadAsync();
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        return body.Text("runId");
    }

    /// <summary>Has a run cancelled, paused or resumed.</summary>
    /// <returns>Its status after that.</returns>
    public static async Task<string> ChangeAsync(this HttpClient client, string runId, string action)
    {
        using var response = await client.PostAsync($"/api/runs/{runId}/{action}", null);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        return (await response.ReadAsync()).Text("status");
    }

    /// <summary>Reads events up to the first that fits, or to the end of the stream.</summary>
    public static async Task<List<JsonElement>> ReadEventsAsync(
        this HttpClient client, string runId, Func<JsonElement, bool>? isLast = null, long after = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{runId}/events");
        request.Headers.Add("Last-Event-ID", $"{after}");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(TestCoordinator.Patience);
        var events = new List<JsonElement>();
        while (await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                continue;
            }

            events.Add(JsonElement.Parse(line["data: ".Length..]));
            if (isLast?.Invoke(events[^1]) == true)
            {
                break;
            }
        }

        return events;
    }
}
