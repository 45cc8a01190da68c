using System.Collections.Concurrent;
using Orleans;
using Orleans.Storage;

namespace Mnist.Grains.Tests.Storage;

public sealed class FileGrainStorageConcurrencyTests : IDisposable
{
    private readonly StateFolder _folder = new();

    private string LockPath => _folder.StatePath + ".lock";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_writers_at_once_one_wins_each_version()
    {
        var wins = new ConcurrentBag<(string? Before, string After)>();
        await Parallel.ForAsync(0, 6, TestContext.Current.CancellationToken, async (writer, _) =>
        {
            var storage = _folder.Another();
            for (var i = 0; i < 20; i++)
            {
                var state = new GrainState<JsonState>();
                await storage.ReadStateAsync("state", StateFolder.Grain, state);
                var before = state.ETag;
                state.State = new JsonState { Name = $"{writer}", Number = state.State!.Number + 1 };
                try
                {
                    await storage.WriteStateAsync("state", StateFolder.Grain, state);
                    wins.Add((before, state.ETag!));
                }
                catch (InconsistentStateException)
                {
                    // Somebody was faster.
                }
            }
        });

        var last = await _folder.ReadAsync();
        Assert.NotEmpty(wins);
        Assert.Equal(wins.Count, wins.Select(win => win.Before ?? "").Distinct().Count());
        Assert.Equal(wins.Count, wins.Select(win => win.After).Distinct().Count());
        Assert.Equal(wins.Count, last.State!.Number);
        Assert.Equal(["state.state"], _folder.Files());
    }

    [Fact]
    public async Task Readers_see_whole_states_while_they_are_replaced()
    {
        var state = await _folder.WriteFirstAsync("first");
        using var done = new CancellationTokenSource();
        var reading = Parallel.ForAsync(0, 2, TestContext.Current.CancellationToken, async (_, _) =>
        {
            var last = 0L;
            while (!done.IsCancellationRequested)
            {
                var read = await _folder.ReadAsync();
                Assert.True(read.State!.Name == "first" || read.State.Name.Length == read.State.Number * 1000);
                Assert.True(read.State.Number >= last);
                last = read.State.Number;
            }
        });
        for (var i = 1; i <= 40; i++)
        {
            state.State = new JsonState { Name = new string('x', i * 1000), Number = i };
            await _folder.Storage.WriteStateAsync("state", StateFolder.Grain, state);
        }

        await done.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task A_writer_waits_for_the_one_that_holds_the_lock()
    {
        var state = await _folder.WriteFirstAsync("old");
        Task writing;
        using (new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            writing = _folder.WriteAsync(state, "new");
            Assert.Equal("old", (await _folder.ReadAsync()).State!.Name);
            Assert.False(writing.IsCompleted);
        }

        await writing;
        Assert.Equal("new", (await _folder.ReadAsync()).State!.Name);
    }

    [Fact]
    public void A_lock_that_is_held_is_recognized_by_its_error_code()
    {
        // The storage waits on these codes only: they are what .NET says of a file that is open with FileShare.None.
        using var temporary = new FileStream(
            Path.Combine(_folder.Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var exception = Assert.Throws<IOException>(
            () => new FileStream(temporary.Name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

        var expected = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11;
        Assert.Equal(expected, exception.HResult);
    }

    [Fact]
    public async Task The_lock_file_stays_and_is_no_obstacle()
    {
        var state = await _folder.WriteFirstAsync("1");
        Assert.True(File.Exists(LockPath));
        Assert.Equal(0, new FileInfo(LockPath).Length);

        await _folder.WriteAsync(state, "2");

        Assert.True(File.Exists(LockPath));
    }

    [Fact]
    public async Task Without_write_permission_the_error_comes_at_once_and_names_the_folder()
    {
        var obstacle = Path.Combine(_folder.Path, "run");
        await File.WriteAllTextAsync(obstacle, "a file where the folder should be", TestContext.Current.CancellationToken);

        var exception = await Assert.ThrowsAnyAsync<IOException>(() => _folder.WriteFirstAsync("1"));

        Assert.Contains(obstacle, exception.Message, StringComparison.Ordinal);
    }
}
