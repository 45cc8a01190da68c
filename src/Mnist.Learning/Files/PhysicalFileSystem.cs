using System.Runtime.InteropServices;

namespace Mnist.Learning.Files;

/// <summary>The machine's file system.</summary>
public sealed partial class PhysicalFileSystem : IFileSystem
{
    private const int ReadOnlyFlag = 0;
    private const int InvalidArgument = 22;

    private PhysicalFileSystem()
    {
    }

    /// <summary>The one instance.</summary>
    public static PhysicalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public Stream CreateNew(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);

    /// <inheritdoc/>
    public void FlushToDisk(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ((FileStream)stream).Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Rename(string source, string destination) => File.Move(source, destination, overwrite: true);

    /// <inheritdoc/>
    /// <remarks>.NET does not open folders, so this calls the C library. On Windows there is nothing to call.</remarks>
    public void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenFile(folder, ReadOnlyFlag);
        if (descriptor < 0)
        {
            throw LastError(folder);
        }

        try
        {
            // Some network file systems cannot synchronize a folder and say "invalid argument": there is nothing to wait for.
            if (SynchronizeFile(descriptor) < 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw LastError(folder);
            }
        }
        finally
        {
            _ = CloseFile(descriptor);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    private static IOException LastError(string folder) => new($"{Marshal.GetLastPInvokeErrorMessage()} : '{folder}'");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SynchronizeFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseFile(int descriptor);
}
