using System.IO.MemoryMappedFiles;

namespace Mnist.Clustering.Transport;

/// <summary>A file in memory that processes of one machine have mapped. Only the user that made it can open it.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedFile(FileStream stream, long length)
    {
        Length = length;
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        First = first;
    }

    /// <summary>The first byte, at the beginning of a page.</summary>
    public byte* First { get; }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>Makes a file of zeros; null where there is no room for it, or a file already.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="length">Its bytes.</param>
    public static MappedFile? Create(string path, long length)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,

            // Whoever writes to a page for which there is no room any more is ended by the system.
            PreallocationSize = length,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new MappedFile(new FileStream(path, options), length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Maps a file that another process has made; null where there is none, or it is shorter than wanted.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="leastLength">Its bytes at least, more than none.</param>
    public static MappedFile? Open(string path, long leastLength)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length >= leastLength)
            {
                return new MappedFile(stream, stream.Length);
            }

            stream.Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Gives the memory back, which nobody may use any more.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
