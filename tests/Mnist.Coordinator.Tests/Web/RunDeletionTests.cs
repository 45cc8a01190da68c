using System.Net;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>Runs that nobody wants any more.</summary>
public sealed class RunDeletionTests : IDisposable
{
    private const string Short = """{"recipe": "tiny", "epochs": 1, "workers": 2}""";
    private const string Long = """{"recipe": "tiny", "epochs": 2000, "workers": 2, "checkpoint-interval": 0.2}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_deleted_is_gone_and_what_is_not_its_own_stays()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var kept = await CompleteAsync(client);
        var deleted = await CompleteAsync(client);
        var elsewhere = Directory.CreateDirectory(_folder.At("elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "notes.txt"), "not the run's");
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(Path.Combine(FolderOf(deleted), "link"), elsewhere);
        }

        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, deleted));

        Assert.Equal([FolderOf(kept)], Directory.GetFileSystemEntries(_folder.At("runs")));
        Assert.True(File.Exists(Path.Combine(elsewhere, "notes.txt")));
        Assert.Equal(kept, Assert.Single((await client.GetJsonAsync("/api/runs")).GetProperty("items").EnumerateArray()).Text("runId"));
        foreach (var path in (string[])["", "/events", "/metrics", "/model", "/confusion"])
        {
            using var response = await client.GetAsync($"/api/runs/{deleted}{path}");
            Assert.Equal((path, HttpStatusCode.NotFound), (path, response.StatusCode));
        }

        var (status, detail) = await DeleteAsync(client, deleted);
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("there is no such run; GET api/runs lists those that there are", detail);
        using var model = await client.GetAsync($"/api/runs/{kept}/model");
        Assert.Equal(HttpStatusCode.OK, model.StatusCode);
    }

    [Fact]
    public async Task A_run_that_can_go_on_is_refused_until_it_is_cancelled()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var first = await client.BeginAsync(Long);
        var second = await client.BeginAsync(Long);
        _ = await client.ReadEventsAsync(first, happened => happened.Text("type") == "progress");

        await RefusedAsync(first, "running");
        await RefusedAsync(second, "queued");
        await client.ChangeAsync(first, "pause");
        await RefusedAsync(first, "paused");
        foreach (var runId in (string[])[first, second])
        {
            await client.ChangeAsync(runId, "cancel");
            Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, runId));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("runs")));

        async Task RefusedAsync(string runId, string status)
        {
            var refusal = $"run {runId}: is {status} and cannot be deleted; cancel it first";
            Assert.Equal((HttpStatusCode.Conflict, refusal), await DeleteAsync(client, runId));
        }
    }

    [Fact]
    public async Task A_run_that_failed_is_deleted_although_it_could_be_resumed()
    {
        string runId;
        await using (var coordinator = await TestCoordinator.StartAsync(_folder))
        {
            using var client = coordinator.CreateClient();
            runId = await client.BeginAsync(Long);
            _ = await client.ReadEventsAsync(runId, happened => happened.Text("type") == "progress");
        }

        ChangeEvents(runId, events => [.. events[..^1], events[^1]
            .Replace("\"suspended\"", "\"failed\"", StringComparison.Ordinal)
            .Replace("\"data\":{}", "\"data\":{\"message\":\"planted\"}", StringComparison.Ordinal)]);
        await using var again = await TestCoordinator.StartAsync(_folder);
        using var reader = again.CreateClient();
        Assert.Equal("failed", (await reader.GetJsonAsync($"/api/runs/{runId}")).Text("status"));

        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(reader, runId));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("runs")));
    }

    [Fact]
    public async Task A_reader_who_waits_for_events_of_a_run_that_is_deleted_comes_to_their_end()
    {
        string runId;
        await using (var coordinator = await TestCoordinator.StartAsync(_folder))
        {
            using var client = coordinator.CreateClient();
            runId = await CompleteAsync(client);
        }

        // As if the coordinator had been killed on the way, and `mnist train` had gone on: there is no event of the end.
        ChangeEvents(runId, events => events[..2]);
        await using var again = await TestCoordinator.StartAsync(_folder);
        using var reader = again.CreateClient();
        Assert.Equal("completed", (await reader.GetJsonAsync($"/api/runs/{runId}")).Text("status"));
        using var deleter = again.CreateClient();
        Task<(HttpStatusCode Status, string)>? deleting = null;

        var events = await reader.ReadEventsAsync(runId, happened =>
        {
            // The reader has the last event, and waits.
            deleting = happened.Text("type") == "started" ? DeleteAsync(deleter, runId) : deleting;
            return false;
        });

        Assert.Equal(["queued", "started"], events.Select(happened => happened.Text("type")));
        Assert.Equal(HttpStatusCode.NoContent, (await deleting!).Status);
    }

    [Fact]
    public async Task A_run_that_another_process_works_on_stays()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var runId = await CompleteAsync(client);
        using (new FileStream(Path.Combine(FolderOf(runId), ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal((HttpStatusCode.Conflict, $"run {runId}: another process works on it"), await DeleteAsync(client, runId));
        }

        Assert.Equal("completed", (await client.GetJsonAsync($"/api/runs/{runId}")).Text("status"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, runId));
    }

    [Fact]
    public async Task A_run_whose_state_is_damaged_or_whose_folder_has_vanished_is_deleted_all_the_same()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var (damaged, vanished) = (await CompleteAsync(client), await CompleteAsync(client));
        foreach (var file in Directory.GetFiles(FolderOf(damaged), "checkpoint-a.state", SearchOption.AllDirectories))
        {
            await File.WriteAllTextAsync(file, "damaged");
        }

        Directory.Delete(FolderOf(vanished), recursive: true);

        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, damaged));
        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, vanished));
        Assert.Equal(0, (await client.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_paused_run_whose_folder_has_vanished_cannot_go_on_but_be_cancelled_and_deleted()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var runId = await client.BeginAsync("""{"recipe": "tiny", "epochs": 2000}""");
        Assert.Equal("paused", await client.ChangeAsync(runId, "pause"));
        Directory.Delete(FolderOf(runId), recursive: true);

        using var refused = await client.PostAsync($"/api/runs/{runId}/resume", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("its folder is gone", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("cancelled", await client.ChangeAsync(runId, "cancel"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await DeleteAsync(client, runId));
        Assert.Equal(0, (await client.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task What_a_coordinator_left_that_was_killed_as_it_deleted_is_no_run_and_is_removed()
    {
        string runId;
        await using (var coordinator = await TestCoordinator.StartAsync(_folder))
        {
            using var client = coordinator.CreateClient();
            runId = await CompleteAsync(client);
        }

        var moved = Path.Combine(_folder.At("runs"), ".deleted", "0123456789abcdef");
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        Directory.Move(FolderOf(runId), moved);
        await using var again = await TestCoordinator.StartAsync(_folder);
        using var reader = again.CreateClient();

        Assert.Equal(0, (await reader.GetJsonAsync("/api/runs")).GetProperty("total").GetInt32());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("runs")));
    }

    [Fact]
    public async Task The_description_of_the_api_tells_how_a_run_is_deleted()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var paths = (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        var delete = paths.GetProperty("/api/runs/{runId}").GetProperty("delete");
        Assert.Equal(["204", "404", "409"], delete.GetProperty("responses").EnumerateObject().Select(response => response.Name));
    }

    [Fact]
    public async Task The_page_of_a_run_has_a_button_that_deletes_it_once_it_has_ended()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var ended = await CompleteAsync(client);
        var running = await client.BeginAsync(Long);

        Assert.Equal((true, false), await ButtonsAsync(ended));
        Assert.Equal((false, true), await ButtonsAsync(running));

        async Task<(bool Delete, bool Cancel)> ButtonsAsync(string runId)
        {
            var page = await client.GetStringAsync($"/runs/{runId}");
            return (Has("Delete"), Has("Cancel"));

            bool Has(string button) => page.Contains($"<span>{button}</span>", StringComparison.Ordinal);
        }
    }

    private static async Task<string> CompleteAsync(HttpClient client)
    {
        var runId = await client.BeginAsync(Short);
        Assert.Equal("completed", (await client.ReadEventsAsync(runId))[^1].Text("type"));
        return runId;
    }

    /// <summary>Deletes a run.</summary>
    /// <returns>The status and, where it is refused, the reason.</returns>
    private static async Task<(HttpStatusCode Status, string Detail)> DeleteAsync(HttpClient client, string runId)
    {
        using var response = await client.DeleteAsync($"/api/runs/{runId}");
        return (response.StatusCode, response.IsSuccessStatusCode ? "" : (await response.ReadAsync()).Text("detail"));
    }

    private string FolderOf(string runId) => Path.Combine(_folder.At("runs"), runId);

    private void ChangeEvents(string runId, Func<string[], string[]> change)
    {
        var path = Path.Combine(FolderOf(runId), "events.jsonl");
        File.WriteAllLines(path, change(File.ReadAllLines(path)));
    }
}
