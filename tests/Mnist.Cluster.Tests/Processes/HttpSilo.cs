using System.Net;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>A silo that is a cluster by itself and serves HTTP.</summary>
internal sealed class HttpSilo : IAsyncDisposable
{
    private const int MostStarts = 5;
    private readonly ChildProcess _process;

    private HttpSilo(ChildProcess process, HttpClient client) => (_process, Client) = (process, client);

    /// <summary>Asks it, as patiently as <see cref="ChildProcess"/> waits.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts one and waits until it has joined.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="arguments">More of its arguments.</param>
    public static async Task<HttpSilo> StartAsync(TemporaryFolder folder, params string[] arguments)
    {
        SyntheticDataset.Write(folder.At("data"));
        for (var starts = 1; ; starts++)
        {
            var (port, siloPort) = (Programs.FreePort(), Programs.FreePort());
            var process = ChildProcess.Start("silo", folder.Path, Programs.Dotnet,
            [
                .. Programs.Silo, "--cluster", $"primary://127.0.0.1:{siloPort}", "--Orleans:Endpoints:SiloPort", $"{siloPort}",
                "--data", folder.At("data"), "--http", $"{port}", .. arguments,
            ]);
            try
            {
                await TestCluster.JoinedAsync(process);
            }
            catch (InvalidOperationException exception)
                when (starts < MostStarts && exception.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
            {
                // Another program took a port that was free a moment ago.
                await process.DisposeAsync();
                continue;
            }

            var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = ChildProcess.Patience };
            return new HttpSilo(process, client);
        }
    }

    /// <summary>Asks for a path.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Asks for a path until the answer is not the silo's own failure: on a busy machine its grains may need longer than it
    /// waits for them.</summary>
    public async Task<HttpResponseMessage> GetAnsweredAsync(string path)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var from = ChildProcess.Now;
        while (true)
        {
            var response = await GetAsync(path);
            if (response.StatusCode < HttpStatusCode.InternalServerError || ChildProcess.Now - from > ChildProcess.Patience)
            {
                return response;
            }

            response.Dispose();
            await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks for a path.</summary>
    /// <returns>The status of the answer.</returns>
    public async Task<HttpStatusCode> StatusOfAsync(string path)
    {
        using var response = await GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    public void Signal(int signal) => _process.Signal(signal);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync();

    /// <summary>What it wrote last, for messages.</summary>
    public string Describe() => _process.Describe();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }
}
