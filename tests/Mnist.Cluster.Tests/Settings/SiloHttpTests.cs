using System.Net;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains;

namespace Mnist.Cluster.Tests.Settings;

public sealed class SiloHttpTests : IDisposable
{
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly int _port = Programs.FreePort();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_silo_that_leaves_says_so_until_it_has_left()
    {
        Assert.SkipUnless(Edition.Name == "Cluster", "the Embedded edition has no silos");
        await using var silo = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/health/ready"));

        await silo.SignalAsync("TERM");
        var answer = HttpStatusCode.OK;
        while (answer == HttpStatusCode.OK)
        {
            answer = await GetAsync("/health/ready");
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        Assert.Equal(0, await silo.WaitForExitAsync());
    }

    [Fact]
    public async Task A_browser_that_follows_the_log_does_not_keep_a_silo_from_leaving()
    {
        Assert.SkipUnless(Edition.Name == "Cluster", "the Embedded edition has no silos");
        Assert.SkipUnless(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "Orleans.Dashboard.dll")), "this build has no dashboard of Orleans");
        await using var silo = await StartAsync("--Dashboard:Enabled", "true");
        using var log = await _client.GetAsync(
            Address("/dashboard/Trace"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, log.StatusCode);

        await silo.SignalAsync("TERM");
        var from = ChildProcess.Now;

        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.InRange(ChildProcess.Now - from, TimeSpan.Zero, TimeToLeave);
    }

    /// <summary>Starts a silo that is a cluster by itself, and waits until it has joined.</summary>
    private async Task<ChildProcess> StartAsync(params string[] arguments)
    {
        SyntheticDataset.Write(_folder.At("data"));
        var siloPort = Programs.FreePort();
        var silo = ChildProcess.Start("silo", _folder.Path, Programs.Dotnet,
        [
            .. Programs.Silo, "--cluster", $"primary://127.0.0.1:{siloPort}", "--Orleans:Endpoints:SiloPort", $"{siloPort}",
            "--data", _folder.At("data"), "--http", $"{_port}", .. arguments,
        ]);
        await TestCluster.JoinedAsync(silo);
        return silo;
    }

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var response = await _client.GetAsync(Address(path), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Uri Address(string path) => new($"http://127.0.0.1:{_port}{path}");
}
