using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mnist.Grains.Contracts;
using Mnist.Grains.Grains;
using Mnist.Grains.Storage;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Grains.Tests.Storage;

public sealed class FileGrainStorageTests : IDisposable
{
    private static readonly JsonSerializerOptions ByReflection = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var state = await _folder.ReadAsync();

        Assert.Equal("new", state.State!.Name);
        Assert.False(state.RecordExists);
        Assert.True(string.IsNullOrEmpty(state.ETag));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_state_is_read_as_it_was_written()
    {
        var written = new GrainState<JsonState>(new JsonState { Name = "grüße\n\"", Number = long.MinValue });
        await _folder.Storage.WriteStateAsync("state", StateFolder.Grain, written);
        Assert.True(written.RecordExists);

        var read = await _folder.ReadAsync();

        Assert.Equal(("grüße\n\"", long.MinValue), (read.State!.Name, read.State.Number));
        Assert.Equal((written.ETag, true), (read.ETag, read.RecordExists));
        Assert.Equal(["state.state"], _folder.Files());
    }

    [Fact]
    public async Task The_state_of_a_run_is_written_as_reflection_would_write_it()
    {
        var run = new RunState
        {
            Request = new RunRequest { SpecJson = "{\"a\":1}", Options = new RunOptions { Workers = 3 }, TraceParent = "00-1-2-01" },
            Status = RunStatus.Paused,
            Epochs =
            [
                new EpochResult
                {
                    Epoch = 1, TrainLoss = double.NaN, TrainAccuracy = 0.5, ValidationAccuracy = 0.75, TestAccuracy = 0.9,
                    TestLoss = double.PositiveInfinity, LearningRate = 0.1f, Seconds = 1.25, StepLosses = [1, float.NegativeInfinity],
                },
            ],
            Evaluation = new EvaluationSnapshot { Epoch = 1, TestProbabilities = [1, 2, 3] },
            Ledger = new LedgerSummary { Samples = long.MaxValue, Duplicates = 1, Missing = 2 },
            Error = "a \"quoted\" <reason>",
            Engines = ["simd"],
            Model = new ModelSnapshot { Step = 7, State = [255] },
        };
        await _folder.Storage.WriteStateAsync("state", StateFolder.Grain, new GrainState<RunState>(run));

        var content = StateFile.Read(_folder.StatePath)!.Content!.Value;
        var read = new GrainState<RunState>();
        await _folder.Storage.ReadStateAsync("state", StateFolder.Grain, read);

        Assert.Equal(JsonSerializer.Serialize(run, ByReflection), Encoding.UTF8.GetString(content.Span));
        Assert.Equivalent(run, read.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task Binary_states_are_stored_as_they_are(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        var written = new GrainState<BinaryState>(new BinaryState { Content = content });
        await _folder.Storage.WriteStateAsync("state", StateFolder.Grain, written);

        var read = new GrainState<BinaryState>();
        await _folder.Storage.ReadStateAsync("state", StateFolder.Grain, read);

        Assert.Equal(content, read.State!.Content.ToArray());
        Assert.True(read.RecordExists);
        Assert.Equal(length + 28, new FileInfo(_folder.StatePath).Length);
    }

    [Fact]
    public async Task A_writer_goes_on_with_the_etag_of_its_last_write()
    {
        var state = await _folder.WriteFirstAsync("1");
        var etags = new List<string> { state.ETag! };
        for (var i = 2; i <= 12; i++)
        {
            await _folder.WriteAsync(state, $"{i}");
            etags.Add(state.ETag!);
        }

        Assert.Equal("12", (await _folder.ReadAsync()).State!.Name);
        Assert.Equal(etags.Count, etags.Distinct().Count());
    }

    [Fact]
    public async Task A_writer_that_was_overtaken_is_refused_and_changes_nothing()
    {
        var stale = await _folder.WriteFirstAsync("1");
        var current = await _folder.ReadAsync();
        await _folder.WriteAsync(current, "2");
        var before = await File.ReadAllBytesAsync(_folder.StatePath, TestContext.Current.CancellationToken);
        var etag = stale.ETag;

        var exception = await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(stale, "3"));

        Assert.Contains(_folder.StatePath, exception.Message, StringComparison.Ordinal);
        Assert.Equal((current.ETag, etag), (exception.StoredEtag, exception.CurrentEtag));
        Assert.Equal(etag, stale.ETag);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.StatePath, TestContext.Current.CancellationToken));
        Assert.Equal(["state.state"], _folder.Files());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("2")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("of another storage")]
    public async Task An_etag_that_is_not_the_stored_one_is_refused(string? etag)
    {
        await _folder.WriteFirstAsync("1");

        await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(new GrainState<JsonState> { ETag = etag! }, "2"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => ClearAsync(new GrainState<JsonState> { ETag = etag! }));

        Assert.Equal("1", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task An_etag_of_a_state_that_is_not_there_is_refused() =>
        await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(new GrainState<JsonState> { ETag = "1" }, "2"));

    [Fact]
    public async Task A_cleared_state_is_new()
    {
        var state = await _folder.WriteFirstAsync("1");

        await ClearAsync(state);

        Assert.Equal(("new", false), (state.State!.Name, state.RecordExists));
        var read = await _folder.ReadAsync();
        Assert.Equal(("new", false), (read.State!.Name, read.RecordExists));
        await _folder.WriteAsync(read, "2");
        Assert.Equal("2", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task The_writer_that_cleared_a_state_may_write_it_again()
    {
        var state = await _folder.WriteFirstAsync("1");
        await ClearAsync(state);
        await ClearAsync(state);

        await _folder.WriteAsync(state, "2");

        Assert.Equal("2", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task Clearing_what_was_never_written_does_nothing()
    {
        var state = new GrainState<JsonState>();

        await ClearAsync(state);

        Assert.False(state.RecordExists);
        await _folder.WriteAsync(state, "1");
    }

    [Fact]
    public async Task A_state_that_was_cleared_and_written_again_does_not_take_old_etags()
    {
        var stale = await _folder.WriteFirstAsync("1");
        var current = await _folder.ReadAsync();
        await ClearAsync(current);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(stale, "stale"));
        await _folder.WriteAsync(current, "2");

        await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(stale, "stale"));

        Assert.Equal("2", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task Any_key_has_a_file_of_its_own_within_the_folder()
    {
        string[] names =
        [
            "a", "a/b", "a\\b", "..", ".", "../a", "...", "a.", "a..", "a%2E", "a%",
            "%2E%2E", "a ", "ä", "run:1|x*?<>\"", "a\nb", "a\0b", "~", "a.lock",
        ];
        var ids = names.SelectMany(name => (GrainId[])[GrainId.Create("run", name), GrainId.Create("run." + name, "a")]).ToArray();
        var expected = new List<string>();
        foreach (var (id, stateName) in ids.SelectMany(id => names.Select(name => (id, name))))
        {
            expected.Add($"{id} {stateName}");
            await _folder.Storage.WriteStateAsync(stateName, id, new GrainState<JsonState>(new JsonState { Name = expected[^1] }));
        }

        var found = new List<string>();
        foreach (var (id, stateName) in ids.SelectMany(id => names.Select(name => (id, name))))
        {
            var state = new GrainState<JsonState>();
            await _folder.Storage.ReadStateAsync(stateName, id, state);
            found.Add(state.State!.Name);
        }

        Assert.Equal(expected, found);
        var files = Directory.GetFiles(_folder.Path, "*.state", SearchOption.AllDirectories);
        Assert.Equal(expected.Count, files.Length);
        Assert.All(files, file => Assert.Equal(2, Path.GetRelativePath(_folder.Path, file).Count(c => c == Path.DirectorySeparatorChar)));
    }

    private Task ClearAsync(GrainState<JsonState> state) => _folder.Storage.ClearStateAsync("state", StateFolder.Grain, state);
}
