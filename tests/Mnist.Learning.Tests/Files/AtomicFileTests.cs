using Mnist.Learning.Files;

namespace Mnist.Learning.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private const int Operations = 5;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> EveryOperation => [.. Enumerable.Range(0, Operations)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writing_creates_the_file_and_nothing_else()
    {
        AtomicFile.WriteAllText(_folder.File("a.txt"), "grüße");

        Assert.Equal("grüße"u8, File.ReadAllBytes(_folder.File("a.txt")));
        Assert.Equal(["a.txt"], _folder.Names());
    }

    [Fact]
    public void Writing_goes_to_the_disk_before_the_name_is_given_and_flushes_the_folder_after()
    {
        var files = new FaultyFileSystem(faultyOperation: -1, isCrash: false);

        AtomicFile.WriteAllText(_folder.File("a.txt"), "new", files);

        Assert.Equal(["create", "write", "flush", "rename", "flush folder"], files.Operations);
        Assert.Equal(Operations, files.Operations.Count);
    }

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public void A_full_disk_leaves_no_part_and_no_temporary_file(int operation)
    {
        File.WriteAllText(_folder.File("a.txt"), "old");
        var files = new FaultyFileSystem(operation, isCrash: false);

        Assert.Throws<IOException>(() => AtomicFile.WriteAllText(_folder.File("a.txt"), "new content", files));

        Assert.Equal(["a.txt"], _folder.Names());
        Assert.Equal(operation < 4 ? "old" : "new content", File.ReadAllText(_folder.File("a.txt")));
    }

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public async Task An_asynchronous_write_to_a_full_disk_leaves_no_part_and_no_temporary_file(int operation)
    {
        File.WriteAllText(_folder.File("a.txt"), "old");
        var files = new FaultyFileSystem(operation, isCrash: false);
        var content = "new content"u8.ToArray();

        await Assert.ThrowsAsync<IOException>(
            () => AtomicFile.WriteAllBytesAsync(_folder.File("a.txt"), content, files, TestContext.Current.CancellationToken));

        Assert.Equal(["a.txt"], _folder.Names());
        Assert.Equal(operation < 4 ? "old" : "new content", File.ReadAllText(_folder.File("a.txt")));
    }

    [Theory]
    [MemberData(nameof(EveryOperation))]
    public void A_crash_leaves_the_old_content_or_the_new(int operation)
    {
        File.WriteAllText(_folder.File("a.txt"), "old");
        var files = new FaultyFileSystem(operation, isCrash: true);

        Assert.Throws<IOException>(() => AtomicFile.WriteAllText(_folder.File("a.txt"), "new content", files));

        Assert.Equal(operation < 4 ? "old" : "new content", File.ReadAllText(_folder.File("a.txt")));
        Assert.All(_folder.Names().Where(name => name != "a.txt"), name => Assert.EndsWith(".tmp", name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_content()
    {
        File.WriteAllText(_folder.File("a.txt"), "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.File("a.txt"), stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));

        Assert.Equal(["a.txt"], _folder.Names());
        Assert.Equal("old", File.ReadAllText(_folder.File("a.txt")));
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAsync(
            _folder.File("a.txt"),
            async (stream, token) =>
            {
                await stream.WriteAsync(new byte[100], token);
                await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            cancellationToken: cancellation.Token));

        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_missing_folder_is_an_error() =>
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(Path.Combine(_folder.Path, "none", "a.txt"), "x"));

    [Fact]
    public void Writers_of_one_file_at_once_leave_one_of_their_contents_whole()
    {
        var contents = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 100_000)).ToArray();

        Parallel.ForEach(contents, content => AtomicFile.WriteAllText(_folder.File("a.txt"), content));

        Assert.Contains(File.ReadAllText(_folder.File("a.txt")), contents);
        Assert.Equal(["a.txt"], _folder.Names());
    }
}
