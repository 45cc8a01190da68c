using System.Net;
using System.Net.Http.Headers;
using Mnist.Cluster.Tests.Processes;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Cluster.Tests.Http;

/// <summary>What a silo serves over HTTP, asked of a real one.</summary>
public sealed class SiloHttpTests : IDisposable
{
    private const string Token = "a secret";
    private static readonly TimeSpan TimeToLeave = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder;

    public SiloHttpTests()
    {
        Programs.SkipWithoutSilos();
        _folder = new TemporaryFolder();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Orleans_dashboard_is_for_those_who_know_the_token()
    {
        SkipWithoutDashboard();
        await using var silo = await HttpSilo.StartAsync(_folder, "--Dashboard:Enabled", "true", "--Dashboard:Token", Token);

        foreach (var path in (string[])["/dashboard", "/dashboard/", "/dashboard/DashboardCounters"])
        {
            using var refused = await silo.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Basic", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        }

        silo.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var page = await silo.GetAsync("/dashboard/");
        using var counters = await silo.GetAnsweredAsync("/dashboard/DashboardCounters");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.True(
            (HttpStatusCode.OK, "application/json") == (counters.StatusCode, counters.Content.Headers.ContentType?.MediaType),
            $"{counters}\n{silo.Describe()}");
    }

    [Fact]
    public async Task A_silo_that_has_joined_is_ready_and_has_no_dashboard_and_no_metrics_unless_they_are_enabled()
    {
        await using var silo = await HttpSilo.StartAsync(_folder);

        Assert.Equal(HttpStatusCode.OK, await silo.StatusOfAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await silo.StatusOfAsync("/health/live"));
        Assert.Equal(HttpStatusCode.NotFound, await silo.StatusOfAsync("/dashboard/"));
        Assert.Equal(HttpStatusCode.NotFound, await silo.StatusOfAsync("/metrics"));
    }

    [Fact]
    public async Task Prometheus_gets_what_training_measures_on_a_silo()
    {
        var gateway = Programs.FreePort();
        await using var silo = await HttpSilo.StartAsync(
            _folder, "--workers", "1", "--Orleans:Endpoints:GatewayPort", $"{gateway}", "--Metrics:Enabled", "true");
        await using var coordinator = ChildProcess.Start("coordinator", _folder.Path, Programs.Dotnet,
        [
            .. Programs.Coordinator, "train", "--json", "--cluster", $"gateway://127.0.0.1:{gateway}", "--data", _folder.At("data"),
            "--epochs", "1", "--batch", "40", "--out", "run",
        ]);
        var exitCode = await coordinator.WaitForExitAsync();
        Assert.True(exitCode == 0, $"{coordinator.Describe()}\n{silo.Describe()}");

        using var answer = await silo.GetAsync("/metrics");
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        var images = Assert.Single(lines, line => line.StartsWith("mnist_training_images_total{", StringComparison.Ordinal));
        Assert.EndsWith($"}} {SyntheticDataset.TrainedCount}", images, StringComparison.Ordinal);
        Assert.All(
            (string[])["mnist_step_duration_seconds", "mnist_worker_compute_duration_seconds", "mnist_worker_wait_duration_seconds"],
            name => Assert.Single(lines, line => line.StartsWith($"{name}_count{{mnist_run_id=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_silo_that_leaves_says_so_until_it_has_left()
    {
        await using var silo = await HttpSilo.StartAsync(_folder);
        Assert.Equal(HttpStatusCode.OK, await silo.StatusOfAsync("/health/ready"));

        silo.Signal(Signals.Term);
        var answer = HttpStatusCode.OK;
        while (answer == HttpStatusCode.OK)
        {
            answer = await silo.StatusOfAsync("/health/ready");
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.DoesNotContain("HealthCheck", silo.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_follows_the_log_does_not_keep_a_silo_from_leaving()
    {
        SkipWithoutDashboard();
        await using var silo = await HttpSilo.StartAsync(_folder, "--Dashboard:Enabled", "true");
        using var log = await silo.Client.GetAsync(
            "/dashboard/Trace", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, log.StatusCode);

        silo.Signal(Signals.Term);
        var from = ChildProcess.Now;

        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.InRange(ChildProcess.Now - from, TimeSpan.Zero, TimeToLeave);
    }

    private static void SkipWithoutDashboard() => Assert.SkipUnless(
        File.Exists(Path.Combine(AppContext.BaseDirectory, "Orleans.Dashboard.dll")), "this build has no dashboard of Orleans");
}
