using Mnist.Learning;
using Mnist.Learning.Tests.Files;
using Orleans;
using Orleans.Storage;

namespace Mnist.Grains.Tests.Storage;

public sealed class FileGrainStorageDamageTests : IDisposable
{
    /// <summary>Creating the temporary file, writing, flushing, renaming; then the folder is flushed, and the new state is there.</summary>
    private const int StepsBeforeTheNewState = 4;

    private readonly StateFolder _folder = new();

    public static TheoryData<int, bool> EveryFault =>
        new(Enumerable.Range(0, StepsBeforeTheNewState + 1).SelectMany(step => (bool[])[false, true], (step, isCrash) => (step, isCrash)));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task A_write_that_stops_at_any_step_leaves_the_old_state_or_the_new(int step, bool isCrash)
    {
        var state = await _folder.WriteFirstAsync("old");
        var etag = state.ETag;
        var faulty = _folder.Another(new FaultyFileSystem(step, isCrash));
        state.State = new JsonState { Name = "new" };

        await Assert.ThrowsAsync<IOException>(() => faulty.WriteStateAsync("state", StateFolder.Grain, state));

        Assert.Equal(etag, state.ETag);
        var read = await _folder.ReadAsync();
        Assert.Equal(step < StepsBeforeTheNewState ? "old" : "new", read.State!.Name);
        var temporaries = _folder.Files().Where(name => name != "state.state").ToArray();
        Assert.True(isCrash ? temporaries.All(name => name.EndsWith(".tmp", StringComparison.Ordinal)) : temporaries.Length == 0);
        await _folder.WriteAsync(read, "next");
        Assert.Equal("next", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task The_same_writer_may_try_again_when_there_is_room_again()
    {
        var state = await _folder.WriteFirstAsync("old");
        for (var step = 0; step < StepsBeforeTheNewState; step++)
        {
            var faulty = _folder.Another(new FaultyFileSystem(step, isCrash: false));
            await Assert.ThrowsAsync<IOException>(() => faulty.WriteStateAsync("state", StateFolder.Grain, state));
        }

        await _folder.WriteAsync(state, "new");

        Assert.Equal("new", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task A_writer_that_cannot_know_what_became_of_its_write_is_fenced_until_it_reads()
    {
        var state = await _folder.WriteFirstAsync("old");
        var faulty = _folder.Another(new FaultyFileSystem(StepsBeforeTheNewState, isCrash: false));
        await Assert.ThrowsAsync<IOException>(() => faulty.WriteStateAsync("state", StateFolder.Grain, state));

        await Assert.ThrowsAsync<InconsistentStateException>(() => _folder.WriteAsync(state, "new"));
    }

    [Fact]
    public async Task A_first_write_that_fails_leaves_no_state()
    {
        var faulty = _folder.Another(new FaultyFileSystem(1, isCrash: false));

        await Assert.ThrowsAsync<IOException>(
            () => faulty.WriteStateAsync("state", StateFolder.Grain, new GrainState<JsonState>(new JsonState())));

        Assert.False((await _folder.ReadAsync()).RecordExists);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public async Task A_clear_that_fails_leaves_the_state()
    {
        var state = await _folder.WriteFirstAsync("old");
        var faulty = _folder.Another(new FaultyFileSystem(2, isCrash: false));

        await Assert.ThrowsAsync<IOException>(() => faulty.ClearStateAsync("state", StateFolder.Grain, state));

        Assert.Equal(("old", true), (state.State!.Name, state.RecordExists));
        Assert.Equal("old", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public async Task Every_flipped_bit_is_noticed_and_the_file_named()
    {
        await _folder.WriteFirstAsync("a");
        await CheckEveryDamageAsync();
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_cleared_state_is_noticed()
    {
        var state = await _folder.WriteFirstAsync("a");
        await _folder.Storage.ClearStateAsync("state", StateFolder.Grain, state);
        await CheckEveryDamageAsync();
    }

    [Fact]
    public async Task A_file_that_is_cut_off_or_too_long_is_refused()
    {
        await _folder.WriteFirstAsync("a");
        var sound = await File.ReadAllBytesAsync(_folder.StatePath, TestContext.Current.CancellationToken);
        for (var length = 0; length < sound.Length; length++)
        {
            await RefuseAsync(sound[..length]);
        }

        await RefuseAsync([.. sound, 0]);
    }

    [Fact]
    public async Task A_file_of_something_else_is_refused()
    {
        await _folder.WriteFirstAsync("a");
        await RefuseAsync([.. "{ \"Name\": \"a JSON file that somebody put here\" }"u8]);
        await RefuseAsync(new byte[1000]);
    }

    [Fact]
    public async Task A_damaged_state_is_neither_overwritten_nor_cleared()
    {
        var state = await _folder.WriteFirstAsync("a");
        await File.WriteAllTextAsync(_folder.StatePath, "damage", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidInputException>(() => _folder.WriteAsync(state, "b"));
        await Assert.ThrowsAsync<InvalidInputException>(() => _folder.Storage.ClearStateAsync("state", StateFolder.Grain, state));

        Assert.Equal("damage", await File.ReadAllTextAsync(_folder.StatePath, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("null", "holds null")]
    [InlineData("{ \"Number\": \"text\" }", "is not the JSON of a JsonState")]
    [InlineData("", "is not the JSON of a JsonState")]
    public async Task Content_of_another_kind_is_refused(string content, string expected)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(content);
        await _folder.Storage.WriteStateAsync("state", StateFolder.Grain, new GrainState<BinaryState>(new BinaryState { Content = bytes }));

        var exception = await Assert.ThrowsAsync<InvalidInputException>(_folder.ReadAsync);

        Assert.StartsWith($"{_folder.StatePath}: {expected}", exception.Message, StringComparison.Ordinal);
    }

    private async Task CheckEveryDamageAsync()
    {
        var sound = await File.ReadAllBytesAsync(_folder.StatePath, TestContext.Current.CancellationToken);
        for (var bit = 0; bit < sound.Length * 8; bit++)
        {
            var damaged = sound.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await RefuseAsync(damaged);
        }
    }

    private async Task RefuseAsync(byte[] bytes)
    {
        await File.WriteAllBytesAsync(_folder.StatePath, bytes, TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAsync<InvalidInputException>(_folder.ReadAsync);

        Assert.StartsWith(_folder.StatePath, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
