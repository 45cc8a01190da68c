using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Mnist.Coordinator.Training;

namespace Mnist.Benchmarks.Load;

/// <summary>Memory of a process.</summary>
/// <param name="Resident">Bytes that are in memory.</param>
/// <param name="Managed">Bytes of the managed heap after its last collection.</param>
internal readonly record struct MemorySample(double Resident, double Managed);

/// <summary><c>mnist serve</c> in a process of its own, and what it says about itself.</summary>
internal sealed class ServedCoordinator : IDisposable
{
    private readonly Process _process;

    private ServedCoordinator(Process process, Uri url, int connections)
    {
        (_process, Url) = (process, url);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = url };
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts one and waits until it listens.</summary>
    /// <param name="folder">Folder for its runs.</param>
    /// <param name="data">Folder of the data set; null for MNIST from the user's cache.</param>
    /// <param name="connections">The most connections that are made to it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RunFailedException">It ended.</exception>
    public static async Task<ServedCoordinator> StartAsync(
        string folder, string? data, int connections, CancellationToken cancellationToken)
    {
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        string[] arguments =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "mnist.dll"), "serve", "--urls", "http://127.0.0.1:0", "--json",
            "--runs", folder, .. data is null ? Array.Empty<string>() : ["--data", data],
        ];
        var process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonNode.Parse(line)?["url"]?.GetValue<string>() is { } url)
            {
                return new ServedCoordinator(process, new Uri(url), connections);
            }
        }

        process.Dispose();
        throw new RunFailedException("mnist serve ended before it listened");
    }

    /// <summary>Begins a run.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its name.</returns>
    public async Task<string> BeginAsync(object options, CancellationToken cancellationToken)
    {
        using var answer = await Client.PostAsJsonAsync("api/runs", options, cancellationToken);
        var run = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return run!["runId"]!.GetValue<string>();
    }

    /// <summary>A run as it stands now.</summary>
    public async Task<JsonObject> GetRunAsync(string runId, CancellationToken cancellationToken) =>
        (await Client.GetFromJsonAsync<JsonObject>($"api/runs/{runId}", cancellationToken))!;

    /// <summary>Waits until a run has come to an end.</summary>
    public Task WaitForEndAsync(string runId, CancellationToken cancellationToken) =>
        Client.GetStringAsync($"api/runs/{runId}/events", cancellationToken);

    /// <summary>What its process holds.</summary>
    public async Task<MemorySample> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        var series = (await Client.GetStringAsync("metrics", cancellationToken)).Split('\n');
        return new(Sum(series, "dotnet_process_memory_working_set_bytes"), Sum(series, "dotnet_gc_last_collection_heap_size_bytes"));
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static double Sum(IEnumerable<string> series, string name) => series
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
