using System.Net;
using System.Text.Json;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>A run whose weights leave the range of numbers: it ends as any other, and what has no value is said to have none.</summary>
public sealed class DivergedRunTests : IDisposable
{
    private const string Diverging = """{"recipe": "tiny", "epochs": 2, "learning-rate": 1e30}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Losses_that_are_no_numbers_are_null_in_JSON_and_empty_in_CSV()
    {
        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var runId = await client.BeginAsync(Diverging);
        Assert.Equal("completed", (await client.ReadEventsAsync(runId))[^1].Text("type"));

        var metrics = await client.GetJsonAsync($"/api/runs/{runId}/metrics");
        Assert.All(metrics.GetProperty("epochs").EnumerateArray(), epoch =>
        {
            Assert.Equal(JsonValueKind.Null, epoch.GetProperty("testLoss").ValueKind);
            Assert.InRange(epoch.GetProperty("testAccuracy").GetDouble(), 0, 0.2);
        });
        var csv = await client.GetStringAsync($"/api/runs/{runId}/metrics?format=csv");
        Assert.Equal(csv, File.ReadAllText(_folder.At("runs", runId, "metrics.csv")));
        var last = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[^1].Split(',');
        Assert.Equal(("2", "", ""), (last[0], last[1], last[4]));
        using var result = JsonDocument.Parse(File.ReadAllBytes(_folder.At("runs", runId, "result.json")));
        Assert.Equal(JsonValueKind.Null, result.RootElement.GetProperty("testLoss").ValueKind);

        var samples = await client.GetJsonAsync($"/api/runs/{runId}/samples?limit=1");
        Assert.Equal(0, samples.GetProperty("items")[0].GetProperty("confidence").GetDouble());
        var pixels = string.Join(',', Enumerable.Repeat("0.5", 28 * 28));
        using var prediction = await client.PostJsonAsync("/api/predict", $$"""{"runId": "{{runId}}", "pixels": [{{pixels}}]}""");
        Assert.Equal(HttpStatusCode.Conflict, prediction.StatusCode);
        Assert.Contains("diverged", (await prediction.ReadAsync()).Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_trained_elsewhere_is_shown_with_its_losses()
    {
        var data = SyntheticDataset.Write(_folder.At("data"));
        var trained = await MnistProcess.RunAsync(
            _folder, "train", "--json", "--data", data, "--recipe", "tiny", "--epochs", "1", "--learning-rate", "1e30",
            "--out", _folder.At("runs", "elsewhere"));
        var epoch = trained.ExpectExitCode(0).Event("epoch");
        Assert.Null(epoch["testLoss"]);

        await using var coordinator = await TestCoordinator.StartAsync(_folder);
        using var client = coordinator.CreateClient();
        var run = Assert.Single((await client.GetJsonAsync("/api/runs")).GetProperty("items").EnumerateArray());
        Assert.Equal("completed", run.Text("status"));
        Assert.Equal(JsonValueKind.Null, run.GetProperty("progress").GetProperty("loss").ValueKind);
    }
}
