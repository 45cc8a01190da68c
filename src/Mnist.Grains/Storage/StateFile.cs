using System.Buffers.Binary;
using Mnist.Learning;
using Mnist.Learning.Files;
using Mnist.Learning.Training;

namespace Mnist.Grains.Storage;

/// <summary>A stored grain state: 8 bytes of magic, the version, the length and the CRC-32C of what follows, then the content.</summary>
/// <param name="Version">Number of writes, which is the ETag.</param>
/// <param name="Content">The state; null when it was cleared, which keeps the version so that no ETag ever comes back.</param>
internal sealed record StateFile(long Version, ReadOnlyMemory<byte>? Content)
{
    private const int HeaderLength = 28;

    /// <summary>Length that marks a state that was cleared.</summary>
    private const long Cleared = -1;

    private static ReadOnlySpan<byte> Magic => "MNSTATE1"u8;

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The state, or null where there is no file.</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    public static StateFile? Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (bytes.Length < HeaderLength || !bytes.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new InvalidInputException(
                $"{path}: is not a grain state: expected it to begin with MNSTATE1 and {HeaderLength - 8} bytes more");
        }

        var version = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(16));
        if ((length == Cleared ? 0 : length) != bytes.Length - HeaderLength)
        {
            throw new InvalidInputException($"{path}: has {bytes.Length - HeaderLength} bytes of content, expected {length}");
        }

        if (Checksum(bytes) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(24)))
        {
            throw new InvalidInputException($"{path}: is damaged: its checksum does not match its content");
        }

        // Not a conditional expression: in one, null becomes an empty memory.
        ReadOnlyMemory<byte>? content = null;
        if (length != Cleared)
        {
            content = bytes.AsMemory(HeaderLength);
        }

        return new StateFile(version, content);
    }

    /// <summary>Writes a state, atomically.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="version">Number of writes, this one included.</param>
    /// <param name="content">The state; null clears it.</param>
    /// <param name="fileSystem">Where to write.</param>
    public static void Write(string path, long version, ReadOnlyMemory<byte>? content, IFileSystem fileSystem)
    {
        var bytes = new byte[HeaderLength + (content?.Length ?? 0)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), content?.Length ?? Cleared);
        content?.Span.CopyTo(bytes.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), Checksum(bytes));
        AtomicFile.WriteAllBytes(path, bytes, fileSystem);
    }

    /// <summary>Over the version, the length and the content.</summary>
    private static uint Checksum(byte[] bytes) =>
        ~Crc32C.Append(Crc32C.Append(uint.MaxValue, bytes.AsSpan(8, 16)), bytes.AsSpan(HeaderLength));
}
