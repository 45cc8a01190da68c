using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mnist.Coordinator.Tests.Support;
using Mnist.Coordinator.Tests.Web;

namespace Mnist.Coordinator.Tests.CommandLine;

/// <summary><c>mnist serve</c> as a user runs it.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_goes_on_and_its_events_continue_when_the_coordinator_was_killed()
    {
        var data = SyntheticDataset.Write(_folder.At("data"));
        string runId;
        List<JsonElement> before;
        using (var killed = MnistProcess.Start(_folder, Arguments(data)))
        {
            using var client = await ConnectAsync(killed);
            runId = await client.BeginAsync("""{"recipe": "tiny", "epochs": 2000, "workers": 2, "checkpoint-interval": 0.2}""");

            // Well after the first checkpoint.
            before = await client.ReadEventsAsync(runId, happened => StepOf(happened) > 0);
            before.AddRange(await client.ReadEventsAsync(
                runId, happened => StepOf(happened) > StepOf(before[^1]), before[^1].GetProperty("id").GetInt64()));
            await killed.KillAsync();
        }

        using var again = MnistProcess.Start(_folder, Arguments(data));
        using var reader = await ConnectAsync(again);
        var listed = (await reader.GetJsonAsync("/api/runs")).GetProperty("items").EnumerateArray();
        Assert.Equal(runId, Assert.Single(listed).Text("runId"));
        var last = before[^1].GetProperty("id").GetInt32();
        var after = await reader.ReadEventsAsync(runId, happened => StepOf(happened) > StepOf(before[^1]), last);
        Assert.Equal(Enumerable.Range(last + 1, after.Count), after.Select(happened => happened.GetProperty("id").GetInt32()));
        var started = Assert.Single(after, happened => happened.Text("type") == "started");
        Assert.True(started.GetProperty("data").GetProperty("resumed").GetBoolean());

        // What was told before the kill is still there, word for word.
        var all = await reader.ReadEventsAsync(runId, happened => happened.GetProperty("id").GetInt32() == last);
        Assert.Equal(before.Select(happened => happened.GetRawText()), all.Select(happened => happened.GetRawText()));
        using var cancelled = await reader.PostAsync($"/api/runs/{runId}/cancel", null);
        Assert.Equal("cancelled", (await cancelled.ReadAsync()).Text("status"));
    }

    [Fact]
    public async Task A_port_that_another_program_listens_at_is_named_with_the_option_that_changes_it()
    {
        var data = SyntheticDataset.Write(_folder.At("data"));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        var refused = (await MnistProcess.RunAsync(_folder, "serve", "--data", data, "--urls", url)).ExpectExitCode(2);

        Assert.Equal(
            $"error: --urls: Failed to bind to address {url}: address already in use, expected a port that no other program listens at",
            refused.Error.Trim());
    }

    [Fact]
    public async Task A_run_is_listed_watched_and_cancelled_from_another_process()
    {
        var data = SyntheticDataset.Write(_folder.At("data"));
        using var served = MnistProcess.Start(_folder, [.. Arguments(data), "--token", TestCoordinator.Token]);
        using var client = await ConnectAsync(served);
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestCoordinator.Token);
        var url = client.BaseAddress!.ToString();
        var runId = await client.BeginAsync("""{"recipe": "tiny", "epochs": 2000, "workers": 2}""");
        var finished = await client.BeginAsync("""{"recipe": "tiny", "epochs": 1, "seed": 2}""");

        var runs = (await MnistProcess.RunAsync(_folder, "runs", "--url", url)).ExpectExitCode(0);
        Assert.Equal([finished, runId], runs.Output.Select(line => line.Split(' ')[0]));
        var status = (await MnistProcess.RunAsync(_folder, "status", runId, "--url", url)).ExpectExitCode(0);
        Assert.StartsWith($"{runId}  running", Assert.Single(status.Output), StringComparison.Ordinal);

        var refused = (await MnistProcess.RunAsync(_folder, "cancel", runId, "--url", url)).ExpectExitCode(2);
        Assert.StartsWith("error: --token", refused.Error, StringComparison.Ordinal);
        var cancel = await MnistProcess.RunAsync(_folder, "cancel", runId, "--url", url, "--token", TestCoordinator.Token);
        Assert.Contains("cancelled", string.Join('\n', cancel.ExpectExitCode(0).Output), StringComparison.Ordinal);
        var watched = (await MnistProcess.RunAsync(_folder, "watch", finished, "--url", url)).ExpectExitCode(0);
        Assert.Contains(watched.Output, line => line.Contains("completed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runs_are_deleted_from_another_process_that_says_so_expressly()
    {
        var data = SyntheticDataset.Write(_folder.At("data"));
        using var served = MnistProcess.Start(_folder, Arguments(data));
        using var client = await ConnectAsync(served);
        var url = client.BaseAddress!.ToString();
        var first = await client.BeginAsync("""{"recipe": "tiny", "epochs": 1}""");
        var second = await client.BeginAsync("""{"recipe": "tiny", "epochs": 1, "seed": 2}""");
        _ = await client.ReadEventsAsync(second);
        var running = await client.BeginAsync("""{"recipe": "tiny", "epochs": 2000}""");

        var unsure = (await MnistProcess.RunAsync(_folder, "delete", first, "--url", url)).ExpectExitCode(2);
        Assert.Equal("error: --yes is missing, expected it where there is no terminal to ask at", unsure.Error.Trim());
        Assert.Equal(3, (await client.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());
        var refused = (await MnistProcess.RunAsync(_folder, "delete", running, "--yes", "--url", url)).ExpectExitCode(2);
        Assert.Contains("cannot be deleted; cancel it first", refused.Error, StringComparison.Ordinal);

        var deleted = (await MnistProcess.RunAsync(_folder, "delete", first, second, "--yes", "--json", "--url", url)).ExpectExitCode(0);
        Assert.Equal(
            [("deleted", first), ("deleted", second)],
            deleted.Output.Select(line => JsonElement.Parse(line)).Select(line => (line.Text("event"), line.Text("runId"))));
        Assert.Equal(running, Assert.Single((await client.GetJsonAsync("/api/runs")).GetProperty("items").EnumerateArray()).Text("runId"));
        var unknown = (await MnistProcess.RunAsync(_folder, "delete", first, "--yes", "--url", url)).ExpectExitCode(2);
        Assert.Contains("there is no such run", unknown.Error, StringComparison.Ordinal);
    }

    private string[] Arguments(string data) =>
        ["serve", "--json", "--urls", "http://127.0.0.1:0", "--at-once", "1", "--data", data, "--runs", _folder.At("runs")];

    private static async Task<HttpClient> ConnectAsync(MnistProcess process)
    {
        var listening = await process.WaitForEventAsync(happened => happened["event"]!.GetValue<string>() == "listening");
        return new HttpClient { BaseAddress = new Uri(listening["url"]!.GetValue<string>()), Timeout = TestCoordinator.Patience };
    }

    private static long StepOf(JsonElement happened) =>
        happened.Text("type") == "progress" ? happened.GetProperty("data").GetProperty("step").GetInt64() : -1;
}
