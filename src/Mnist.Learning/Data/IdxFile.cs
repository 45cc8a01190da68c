using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnist.Learning.Data;

/// <summary>
/// Reads IDX files, the format of the MNIST database (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten
/// digits"): a big-endian magic number (two zero bytes, element type, number of dimensions), the dimensions, the elements.
/// Plain or gzip, told apart by content. Anything but 28×28 bytes an image and labels 0 to 9 is refused.
/// </summary>
public static class IdxFile
{
    /// <summary>Length of the header of an image file: magic number, count, rows, columns.</summary>
    public const int ImageHeaderLength = 16;

    /// <summary>Length of the header of a label file: magic number, count.</summary>
    public const int LabelHeaderLength = 8;

    private const uint ImageMagic = 0x00000803;
    private const uint LabelMagic = 0x00000801;

    // Deflate's best ratio is 1032 to 1: a header that promises more than that is wrong, and is found out before memory is taken.
    private const long DeflateRatioMax = 1032;

    /// <summary>Reads a file of 28×28 images.</summary>
    /// <param name="path">Path of the file, plain or gzip.</param>
    /// <returns>The whole uncompressed file, header included; the pixels begin at <see cref="ImageHeaderLength"/>.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is not what it should be.</exception>
    public static byte[] ReadImages(string path) => Read(path, ImageMagic, ImageHeaderLength, ImageSet.PixelsPerImage);

    /// <summary>Reads a file of labels 0 to 9.</summary>
    /// <param name="path">Path of the file, plain or gzip.</param>
    /// <returns>The whole uncompressed file, header included; the labels begin at <see cref="LabelHeaderLength"/>.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is not what it should be.</exception>
    public static byte[] ReadLabels(string path)
    {
        var content = Read(path, LabelMagic, LabelHeaderLength, 1);
        var labels = content.AsSpan(LabelHeaderLength);
        var wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)(ImageSet.Classes - 1));
        return wrong < 0
            ? content
            : throw new InvalidInputException($"{path}: label {wrong} is {labels[wrong]}, expected 0 to {ImageSet.Classes - 1}");
    }

    private static byte[] Read(string path, uint magic, int headerLength, int itemLength)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            if (!IsGzip(file))
            {
                return ReadContent(path, file, file.Length, isCompressed: false, magic, headerLength, itemLength);
            }

            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            return ReadContent(path, gzip, file.Length * DeflateRatioMax, isCompressed: true, magic, headerLength, itemLength);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidInputException($"{path}: damaged gzip data: {exception.Message}", exception);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return count == start.Length && start[0] == 0x1F && start[1] == 0x8B;
    }

    /// <param name="path">Named in errors.</param>
    /// <param name="stream">The uncompressed content.</param>
    /// <param name="lengthMax">Length of a plain file, or the most that a compressed one can hold.</param>
    /// <param name="isCompressed">Whether <paramref name="lengthMax"/> is a bound rather than the length.</param>
    /// <param name="magic">Magic number expected.</param>
    /// <param name="headerLength">Bytes before the items.</param>
    /// <param name="itemLength">Bytes of an item.</param>
    private static byte[] ReadContent(
        string path, Stream stream, long lengthMax, bool isCompressed, uint magic, int headerLength, int itemLength)
    {
        Span<byte> header = stackalloc byte[ImageHeaderLength];
        header = header[..headerLength];
        var headerFound = stream.ReadAtLeast(header, headerLength, throwOnEndOfStream: false);
        if (headerFound < headerLength)
        {
            throw new InvalidInputException($"{path}: {headerFound} bytes, expected an IDX header of {headerLength} bytes");
        }

        var count = CheckHeader(path, header, magic);
        var length = headerLength + ((long)count * itemLength);
        if (length > Array.MaxLength)
        {
            var most = (Array.MaxLength - headerLength) / itemLength;
            throw new InvalidInputException($"{path}: header says {count} items, expected at most {most}");
        }

        if (length > lengthMax || (!isCompressed && length != lengthMax))
        {
            var found = isCompressed ? $"at most {lengthMax}" : $"{lengthMax}";
            throw new InvalidInputException($"{path}: {found} bytes, expected {length} for the {count} items that its header names");
        }

        var content = GC.AllocateUninitializedArray<byte>((int)length);
        HugePages.Advise(content);
        header.CopyTo(content);
        var bodyFound = stream.ReadAtLeast(content.AsSpan(headerLength), content.Length - headerLength, throwOnEndOfStream: false);
        if (bodyFound < content.Length - headerLength)
        {
            throw new InvalidInputException(
                $"{path}: truncated: {headerLength + bodyFound} bytes, expected {length} for the {count} items that its header names");
        }

        return stream.ReadByte() < 0
            ? content
            : throw new InvalidInputException($"{path}: more than the {length} bytes of the {count} items that its header names");
    }

    private static uint CheckHeader(string path, ReadOnlySpan<byte> header, uint magic)
    {
        var found = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (found != magic)
        {
            var kind = magic == ImageMagic ? "IDX images" : "IDX labels";
            throw new InvalidInputException($"{path}: magic number is 0x{found:X8}, expected 0x{magic:X8} ({kind})");
        }

        if (magic == ImageMagic)
        {
            var rows = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
            var columns = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
            if (rows != ImageSet.Side || columns != ImageSet.Side)
            {
                throw new InvalidInputException($"{path}: images are {rows}×{columns}, expected {ImageSet.Side}×{ImageSet.Side}");
            }
        }

        var count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        return count > 0 ? count : throw new InvalidInputException($"{path}: holds no items, expected at least 1");
    }
}
