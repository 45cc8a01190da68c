using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Coordinator.Tests.Web;

/// <summary>A coordinator that has trained one run.</summary>
public sealed class TrainedRun : IAsyncLifetime
{
    private TestCoordinator? _coordinator;

    public TemporaryFolder Folder { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public string RunId { get; private set; } = "";

    internal List<JsonElement> Events { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        _coordinator = await TestCoordinator.StartAsync(Folder);
        Client = _coordinator.CreateClient();
        RunId = await Client.BeginAsync("""{"recipe": "tiny", "epochs": 2, "learningRate": 0.02, "workers": 2}""");
        Events = await Client.ReadEventsAsync(RunId);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _coordinator!.DisposeAsync();
        Folder.Dispose();
    }
}

/// <summary>What a run looks like from outside, from its beginning to its end, and what callers are told who are wrong.</summary>
public sealed class ApiTests(TrainedRun trained) : IClassFixture<TrainedRun>
{
    private readonly TemporaryFolder _folder = trained.Folder;
    private readonly string _runId = trained.RunId;
    private readonly List<JsonElement> _events = trained.Events;

    private HttpClient Client => trained.Client;

    [Fact]
    public async Task A_run_is_trained_and_shows_everything_that_came_of_it()
    {
        Assert.Equal(Enumerable.Range(1, _events.Count), _events.Select(happened => happened.GetProperty("id").GetInt32()));
        Assert.Equal(["queued", "started"], _events.Take(2).Select(happened => happened.Text("type")));
        Assert.Equal(2, _events.Count(happened => happened.Text("type") == "epoch"));
        Assert.Contains(_events, happened => happened.Text("type") == "workers");
        Assert.Equal("completed", _events[^1].Text("type"));

        var run = await Client.GetJsonAsync($"/api/runs/{_runId}");
        Assert.Equal("completed", run.Text("status"));
        Assert.Equal(0.02, run.GetProperty("spec").GetProperty("schedule").GetProperty("peak").GetDouble(), 6);
        Assert.Equal(_events[^1].GetProperty("data").Text("weightsSha256"), run.Text("weightsSha256"));

        var ledger = await Client.GetJsonAsync($"/api/runs/{_runId}/ledger");
        Assert.Equal(2 * SyntheticDataset.TrainedCount, ledger.GetProperty("total").GetProperty("samples").GetInt32());
        Assert.Equal(0, ledger.GetProperty("total").GetProperty("missing").GetInt32());
        Assert.Equal(0, ledger.GetProperty("total").GetProperty("duplicates").GetInt32());

        var metrics = await Client.GetJsonAsync($"/api/runs/{_runId}/metrics");
        Assert.Equal(2, metrics.GetProperty("epochs").GetArrayLength());
        var steps = metrics.GetProperty("steps").EnumerateArray().Select(point => point.GetProperty("step").GetInt64()).ToArray();
        Assert.Equal(run.GetProperty("progress").GetProperty("totalSteps").GetInt64(), steps[^1]);
        Assert.Equal(steps.Order().Distinct(), steps);

        var listed = await Client.GetJsonAsync("/api/runs?status=completed&limit=1");
        Assert.Equal(_runId, Assert.Single(listed.GetProperty("items").EnumerateArray()).Text("runId"));
        Assert.Equal("active", Assert.Single((await Client.GetJsonAsync("/api/silos")).EnumerateArray()).Text("status"));
    }

    [Fact]
    public async Task Cells_of_the_confusion_matrix_hold_the_samples_that_the_filter_finds()
    {
        var confusion = await Client.GetJsonAsync($"/api/runs/{_runId}/confusion");
        Assert.Equal(SyntheticDataset.TestCount, confusion.GetProperty("total").GetInt32());
        var counts = confusion.GetProperty("counts");
        var wrong = await Client.GetJsonAsync($"/api/runs/{_runId}/samples?correct=false&limit=200");
        Assert.Equal(
            confusion.GetProperty("total").GetInt32() - confusion.GetProperty("correct").GetInt32(), wrong.GetProperty("total").GetInt32());

        for (var label = 0; label < 10; label++)
        {
            var cell = await Client.GetJsonAsync($"/api/runs/{_runId}/samples?label={label}&predicted={label}&limit=200");
            Assert.Equal(counts[label][label].GetInt32(), cell.GetProperty("total").GetInt32());
            var items = cell.GetProperty("items").EnumerateArray();
            var confidences = items.Select(item => item.GetProperty("confidence").GetSingle()).ToArray();
            Assert.Equal(confidences.OrderDescending(), confidences);
            foreach (var item in items)
            {
                Assert.Equal(28 * 28, item.GetProperty("pixels").GetBytesFromBase64().Length);
                var probabilities = item.GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle()).ToArray();
                Assert.Equal(probabilities.Max(), item.GetProperty("confidence").GetSingle());
                Assert.Equal(label, Array.IndexOf(probabilities, probabilities.Max()));
            }
        }
    }

    [Fact]
    public async Task Predictions_agree_with_the_evaluation_of_the_same_images()
    {
        var samples = await Client.GetJsonAsync($"/api/runs/{_runId}/samples?limit=20");
        foreach (var sample in samples.GetProperty("items").EnumerateArray())
        {
            var pixels = sample.GetProperty("pixels").GetBytesFromBase64().Select(pixel => pixel / 255f);
            var json = string.Join(',', pixels.Select(pixel => pixel.ToString("R", CultureInfo.InvariantCulture)));
            using var response = await Client.PostJsonAsync("/api/predict", $$"""{"runId": "{{_runId}}", "pixels": [{{json}}]}""");
            var prediction = await response.ReadAsync();
            Assert.Equal(sample.GetProperty("predicted").GetInt32(), prediction.GetProperty("digit").GetInt32());
            Assert.Equal(sample.GetProperty("confidence").GetSingle(), prediction.GetProperty("confidence").GetSingle());
        }
    }

    [Fact]
    public async Task Readers_may_have_tags_and_MessagePack_and_CSV_and_the_model()
    {
        using var first = await Client.GetAsync($"/api/runs/{_runId}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{_runId}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        using var packed = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{_runId}/ledger");
        packed.Headers.Accept.ParseAdd("application/x-msgpack");
        using var response = await Client.SendAsync(packed);
        Assert.Equal("application/x-msgpack", response.Content.Headers.ContentType!.MediaType);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(0x83, bytes[0]);
        Assert.Equal("total"u8.ToArray(), bytes[2..7]);

        var csv = await Client.GetStringAsync($"/api/runs/{_runId}/metrics?format=csv");
        Assert.Equal(3, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        var model = await Client.GetByteArrayAsync($"/api/runs/{_runId}/model");
        Assert.Equal(File.ReadAllBytes(_folder.At("runs", _runId, "model.safetensors")), model);
        var description = await Client.GetJsonAsync("/openapi/v1.json");
        Assert.True(description.GetProperty("paths").TryGetProperty("/api/runs/{runId}/confusion", out _));
        var metrics = await Client.GetStringAsync("/metrics");
        Assert.Contains("mnist_step_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Equal("Healthy", await Client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Events_go_on_after_the_last_one_that_the_reader_knows()
    {
        var rest = await Client.ReadEventsAsync(_runId, after: 3);
        Assert.Equal(_events.Skip(3).Select(happened => happened.GetRawText()), rest.Select(happened => happened.GetRawText()));
        Assert.Empty(await Client.ReadEventsAsync(_runId, after: _events.Count));
    }

    [Theory]
    [InlineData("/api/runs", """{"recipe": "huge"}""", HttpStatusCode.BadRequest, "--recipe is 'huge'")]
    [InlineData("/api/runs", """{"seed": -1}""", HttpStatusCode.BadRequest, "--seed is '-1'")]
    [InlineData("/api/runs", """{"out": "elsewhere"}""", HttpStatusCode.BadRequest, "'out' is no option of a run")]
    [InlineData("/api/runs", """{"recipe": ["tiny"]}""", HttpStatusCode.BadRequest, "recipe is a JSON Array")]
    [InlineData("/api/runs", """[1]""", HttpStatusCode.BadRequest, "the body is a JSON Array")]
    [InlineData("/api/runs", """{"epochs": 100000}""", HttpStatusCode.BadRequest, "epochs is 100000")]
    [InlineData("/api/runs/nobody/cancel", "", HttpStatusCode.NotFound, "there is no such run")]
    [InlineData("/api/predict", """{"pixels": [1, 2]}""", HttpStatusCode.BadRequest, "pixels has 2 entries")]
    [InlineData("/api/predict", """{}""", HttpStatusCode.BadRequest, "pixels")]
    [InlineData("/api/faults", """{"runId": "nobody", "kind": "killWorker"}""", HttpStatusCode.NotFound, "there is no such run")]
    public async Task What_is_wrong_is_told_as_problem_details(string path, string body, HttpStatusCode status, string detail)
    {
        using var response = await Client.PostJsonAsync(path, body);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(detail, (await response.ReadAsync()).Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_over_cannot_be_stopped_or_continued()
    {
        foreach (var action in (string[])["cancel", "pause", "resume"])
        {
            using var response = await Client.PostAsync($"/api/runs/{_runId}/{action}", null);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        }
    }

    [Fact]
    public async Task Pictures_that_are_none_are_refused()
    {
        byte[][] pictures = [[], [1, 2, 3], [0x89, .. "PNG\r\n\x1a\n"u8, .. new byte[100]], Encoding.ASCII.GetBytes("P5\n9 9\n255\n")];
        foreach (var content in pictures)
        {
            using var body = new ByteArrayContent(content);
            body.Headers.ContentType = new("image/png");
            using var response = await Client.PostAsync("/api/predict", body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }
}
