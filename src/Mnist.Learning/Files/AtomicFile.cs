using System.Text;

namespace Mnist.Learning.Files;

/// <summary>
/// Writes whole files so that a reader, a crash or a full disk sees the old content or the new, never a part: the content
/// goes to a temporary file in the same folder, to the disk, and is then renamed over the destination. A writer that fails
/// removes its temporary file; only a crash can leave one, and its name (<c>.name.random.tmp</c>) is never read.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Destination, replaced if it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content to the stream; what it throws is passed on and leaves the destination as it was.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <exception cref="IOException">The file system refuses: no such folder, disk full …</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write, IFileSystem? fileSystem = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        var files = fileSystem ?? PhysicalFileSystem.Instance;
        var destination = Path.GetFullPath(path);
        var temporary = TemporaryPath(destination);
        try
        {
            using (var stream = files.CreateNew(temporary))
            {
                write(stream);
                files.FlushToDisk(stream);
            }

            files.Rename(temporary, destination);
        }
        catch
        {
            Discard(files, temporary);
            throw;
        }

        files.FlushFolder(Path.GetDirectoryName(destination)!);
    }

    /// <summary>Writes a file whose content is produced asynchronously.</summary>
    /// <param name="path">Destination, replaced if it exists. Its folder must exist.</param>
    /// <param name="write">Writes the content to the stream; what it throws is passed on and leaves the destination as it was.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <param name="cancellationToken">Passed to <paramref name="write"/>; a file that was cancelled is not written.</param>
    /// <exception cref="IOException">The file system refuses: no such folder, disk full …</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static async Task WriteAsync(
        string path,
        Func<Stream, CancellationToken, Task> write,
        IFileSystem? fileSystem = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        var files = fileSystem ?? PhysicalFileSystem.Instance;
        var destination = Path.GetFullPath(path);
        var temporary = TemporaryPath(destination);
        try
        {
            await using (var stream = files.CreateNew(temporary))
            {
                await write(stream, cancellationToken);

                // A flush to disk takes milliseconds and has no asynchronous form: it must not hold the caller's thread.
                await Task.Run(() => files.FlushToDisk(stream), cancellationToken);
            }

            files.Rename(temporary, destination);
        }
        catch
        {
            Discard(files, temporary);
            throw;
        }

        await Task.Run(() => files.FlushFolder(Path.GetDirectoryName(destination)!), CancellationToken.None);
    }

    /// <summary>Writes a file from bytes; see <see cref="Write"/>.</summary>
    /// <param name="path">Destination, replaced if it exists. Its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> content, IFileSystem? fileSystem = null) =>
        Write(path, stream => stream.Write(content.Span), fileSystem);

    /// <summary>Writes a file from text as UTF-8 without a byte order mark; see <see cref="Write"/>.</summary>
    /// <param name="path">Destination, replaced if it exists. Its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    public static void WriteAllText(string path, string content, IFileSystem? fileSystem = null) =>
        WriteAllBytes(path, Encoding.UTF8.GetBytes(content), fileSystem);

    /// <summary>Writes a file from bytes; see <see cref="WriteAsync"/>.</summary>
    /// <param name="path">Destination, replaced if it exists. Its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="fileSystem">Where to write; the machine's file system if null.</param>
    /// <param name="cancellationToken">Stops before the destination is replaced.</param>
    public static Task WriteAllBytesAsync(
        string path, ReadOnlyMemory<byte> content, IFileSystem? fileSystem = null, CancellationToken cancellationToken = default) =>
        WriteAsync(path, async (stream, token) => await stream.WriteAsync(content, token), fileSystem, cancellationToken);

    private static string TemporaryPath(string destination) => Path.Combine(
        Path.GetDirectoryName(destination) ?? throw new IOException($"{destination}: is a folder, expected a file"),
        $".{Path.GetFileName(destination)}.{Path.GetRandomFileName()}.tmp");

    private static void Discard(IFileSystem files, string temporary)
    {
        try
        {
            files.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report.
        }
    }
}
