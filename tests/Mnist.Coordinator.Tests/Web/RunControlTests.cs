using System.Net;
using System.Text.Json;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>Runs that wait, are paused, cancelled, harmed, or outlive their coordinator.</summary>
public sealed class RunControlTests : IDisposable
{
    /// <summary>Long enough to be stopped on the way.</summary>
    private const string Long = """{"recipe": "tiny", "epochs": 2000, "workers": 2, "checkpoint-interval": 0.2}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Runs_wait_for_capacity_and_can_be_paused_resumed_and_cancelled()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var first = await client.BeginAsync(Long);
        var second = await client.BeginAsync("""{"recipe": "tiny", "epochs": 1, "seed": 2}""");
        var third = await client.BeginAsync("""{"recipe": "tiny", "epochs": 1, "seed": 3}""");
        _ = await client.ReadEventsAsync(first, HasSteps);
        Assert.Equal("queued", (await client.GetJsonAsync($"/api/runs/{second}")).Text("status"));
        Assert.Equal(1, (await client.GetJsonAsync($"/api/runs/{third}")).GetProperty("queuedBehind").GetInt32());
        Assert.Equal("cancelled", await client.ChangeAsync(third, "cancel"));
        Assert.Equal("cancelled", await client.ChangeAsync(third, "cancel"));

        Assert.Equal("paused", await client.ChangeAsync(first, "pause"));
        Assert.Equal("paused", await client.ChangeAsync(first, "pause"));
        Assert.Equal("completed", (await client.ReadEventsAsync(second))[^1].Text("type"));

        var paused = (await client.GetJsonAsync($"/api/runs/{first}")).GetProperty("progress").GetProperty("step").GetInt64();
        var known = (await client.GetJsonAsync($"/api/runs/{first}")).GetProperty("lastEventId").GetInt64();
        using (var resumed = await client.PostAsync($"/api/runs/{first}/resume", null))
        {
            Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        }

        var events = await client.ReadEventsAsync(first, happened => StepOf(happened) > paused, known);
        Assert.Equal(known + 1, events[0].GetProperty("id").GetInt64());
        Assert.Equal("cancelled", await client.ChangeAsync(first, "cancel"));
        using var refused = await client.PostAsync($"/api/runs/{first}/resume", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task A_run_goes_on_when_its_coordinator_comes_back()
    {
        string runId;
        List<JsonElement> before;
        await using (var coordinator = await TestCoordinator.StartAsync(_folder))
        {
            using var client = coordinator.CreateClient();
            runId = await client.BeginAsync(Long);
            before = await client.ReadEventsAsync(runId, HasSteps);
        }

        await using var again = await TestCoordinator.StartAsync(_folder);
        using var reader = again.CreateClient();
        var last = before[^1].GetProperty("id").GetInt64();
        var isSuspended = false;
        var after = await reader.ReadEventsAsync(
            runId,
            happened => (isSuspended |= happened.Text("type") == "suspended") && StepOf(happened) > StepOf(before[^1]),
            last);
        Assert.Equal(Enumerable.Range((int)last + 1, after.Count), after.Select(happened => happened.GetProperty("id").GetInt32()));
        Assert.Equal("cancelled", await reader.ChangeAsync(runId, "cancel"));
    }

    [Theory]
    [InlineData("""{"kind": "killWorker", "target": 1, "seconds": 60}""", "leaseMoves")]
    [InlineData("""{"kind": "killServer"}""", "recoveries")]
    [InlineData("""{"kind": "slowWorker", "target": 1, "factor": 200, "seconds": 60}""", "speculatedSlices")]
    [InlineData("""{"kind": "dropMessages", "target": 1, "seconds": 60}""", "speculatedSlices")]
    public async Task Injected_faults_are_survived_and_counted(string fault, string counter)
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var runId = await client.BeginAsync(Long);
        var before = await client.ReadEventsAsync(runId, HasSteps);
        var order = fault.Replace("{", $$"""{"runId": "{{runId}}", """, StringComparison.Ordinal);
        using var injected = await client.PostJsonAsync("/api/faults", order);
        Assert.Equal(HttpStatusCode.NoContent, injected.StatusCode);

        var events = await client.ReadEventsAsync(
            runId,
            happened => happened.Text("type") == "progress"
                && happened.GetProperty("data").GetProperty("faults").GetProperty(counter).GetInt64() > 0
                && StepOf(happened) > StepOf(before[^1]),
            before[^1].GetProperty("id").GetInt64());
        Assert.Contains(events, happened => happened.Text("type") == "fault");
        if (counter == "leaseMoves")
        {
            var workers = (await client.GetJsonAsync($"/api/workers?runId={runId}")).EnumerateArray().ToArray();
            Assert.False(workers[1].GetProperty("isLive").GetBoolean());
            Assert.Equal(8, workers[0].GetProperty("shards").GetArrayLength());
        }

        // Short runs may be over before anybody has looked at their workers; this one is not.
        var spans = (await client.GetJsonAsync($"/api/runs/{runId}/workers")).GetProperty("spans").EnumerateArray();
        Assert.Equal([0, 1], spans.Select(span => span.GetProperty("worker").GetInt32()).Distinct().Order());

        Assert.Equal("cancelled", await client.ChangeAsync(runId, "cancel"));
    }

    [Fact]
    public async Task Without_fault_injection_the_answer_says_how_to_switch_it_on()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder, change: options => options with { EnableFaults = false });
        using var client = coordinator.CreateClient();
        using var response = await client.PostJsonAsync("/api/faults", """{"runId": "x", "kind": "killServer"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("--enable-faults", answer, StringComparison.Ordinal);
        var paths = (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        Assert.DoesNotContain("faults", $"{paths}", StringComparison.Ordinal);
        Assert.Null(coordinator.Services.GetService(typeof(Mnist.Grains.Hosting.FaultInjection)));
    }

    [Fact]
    public async Task Too_many_runs_are_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder, change: options => options with { MaxQueued = 1 });
        using var client = coordinator.CreateClient();
        var first = await client.BeginAsync(Long);
        _ = await client.ReadEventsAsync(first, HasSteps);
        _ = await client.BeginAsync(Long);
        using var response = await client.PostJsonAsync("/api/runs", Long);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
    }

    private static bool HasSteps(JsonElement happened) => StepOf(happened) > 0;

    private static long StepOf(JsonElement happened) =>
        happened.Text("type") == "progress" ? happened.GetProperty("data").GetProperty("step").GetInt64() : -1;
}
