using System.Net;
using System.Net.Http.Headers;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;
using Mnist.Grains;

namespace Mnist.Cluster.Tests.Http;

/// <summary>What a silo serves over HTTP, asked of a real one.</summary>
public sealed class SiloHttpTests : IDisposable
{
    private const string Token = "a secret";
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public SiloHttpTests()
    {
        Assert.SkipUnless(Edition.Name == "Cluster", "the Embedded edition is one process: Microsoft.Orleans.Server could not be restored");
        SyntheticDataset.Write(_folder.At("data"));
        _client.BaseAddress = new Uri($"http://127.0.0.1:{Programs.FreePort()}");
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Orleans_dashboard_is_for_those_who_know_the_token()
    {
        await using var silo = await StartSiloAsync("--Dashboard:Enabled", "true", "--Dashboard:Token", Token);

        foreach (var path in (string[])["/dashboard", "/dashboard/", "/dashboard/DashboardCounters"])
        {
            using var refused = await GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Basic", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        }

        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var page = await GetAsync("/dashboard/");
        using var counters = await GetAsync("/dashboard/DashboardCounters");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (counters.StatusCode, counters.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_silo_that_has_joined_is_ready_and_has_no_dashboard_unless_it_is_enabled()
    {
        await using var silo = await StartSiloAsync();

        using var ready = await GetAsync("/health/ready");
        using var live = await GetAsync("/health/live");
        using var dashboard = await GetAsync("/dashboard/");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, dashboard.StatusCode);
        await silo.SignalAsync("TERM");
        Assert.Equal(0, await silo.WaitForExitAsync());
    }

    private async Task<ChildProcess> StartSiloAsync(params string[] arguments)
    {
        var silo = ChildProcess.Start(
            "silo", _folder.Path, Programs.Dotnet,
            [.. Programs.Silo, "--data", _folder.At("data"), "--http", $"{_client.BaseAddress!.Port}", .. arguments]);
        await TestCluster.JoinedAsync(silo);
        return silo;
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path, TestContext.Current.CancellationToken);
}
