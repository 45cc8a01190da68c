using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Mnist.Learning.Imaging;

/// <summary>
/// Reads PNG (Portable Network Graphics Specification, third edition): every colour type and bit depth, interlaced or not.
/// 16-bit samples are rounded to 8 bits; gamma and colour profiles are not applied. Checksums are verified and memory is
/// bounded by what the header's size allows.
/// </summary>
internal static class PngReader
{
    private const int ChunkOverhead = 12;

    // Deflate's best ratio is 1032 to 1: a header that promises more than that is found out before memory is taken.
    private const long DeflateRatioMax = 1032;

    /// <summary>Adam7: first column, first row, step over columns, step over rows of each pass.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] InterlacePasses =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] SinglePass = [(0, 0, 1, 1)];

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a picture.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidInputException">The file is damaged or too large.</exception>
    public static Pixmap Decode(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
        {
            throw new InvalidInputException("PNG signature is damaged");
        }

        PngHeader? header = null;
        PngPalette palette = new();
        using var compressed = new MemoryStream();
        for (var rest = file[Signature.Length..]; ;)
        {
            var data = ReadChunk(ref rest, out var type);
            if (header is null && type != "IHDR")
            {
                throw new InvalidInputException($"PNG chunk {type} precedes the header");
            }

            switch (type)
            {
                case "IHDR":
                    header = PngHeader.Parse(data);
                    break;
                case "PLTE":
                    palette.SetColors(data);
                    break;
                case "tRNS":
                    palette.SetTransparency(data, header!.Value);
                    break;
                case "IDAT":
                    compressed.Write(data);
                    break;
                case "IEND":
                    compressed.Position = 0;
                    return Decompress(header!.Value, palette, compressed);
                case [>= 'A' and <= 'Z', ..]:
                    throw new InvalidInputException($"PNG chunk {type} is unknown and needed to read the picture");
            }
        }
    }

    private static ReadOnlySpan<byte> ReadChunk(ref ReadOnlySpan<byte> rest, out string type)
    {
        if (rest.Length < ChunkOverhead)
        {
            throw new InvalidInputException("PNG data is truncated");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        type = Encoding.Latin1.GetString(rest.Slice(4, 4));
        if (length > rest.Length - ChunkOverhead)
        {
            throw new InvalidInputException("PNG data is truncated");
        }

        var data = rest.Slice(8, (int)length);
        var expected = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        var found = Crc32.Compute(rest.Slice(4, 4), data);
        if (found != expected)
        {
            throw new InvalidInputException($"PNG chunk {type} is damaged: checksum is {found:x8}, expected {expected:x8}");
        }

        rest = rest[(ChunkOverhead + (int)length)..];
        return data;
    }

    private static Pixmap Decompress(PngHeader header, PngPalette palette, MemoryStream compressed)
    {
        palette.Check(header);
        if ((long)header.RowLength(header.Width) * header.Height > compressed.Length * DeflateRatioMax)
        {
            throw new InvalidInputException("PNG data is truncated");
        }

        var picture = new Pixmap(header.Width, header.Height);
        using var stream = new ZLibStream(compressed, CompressionMode.Decompress);
        try
        {
            foreach (var (x, y, stepX, stepY) in header.IsInterlaced ? InterlacePasses : SinglePass)
            {
                var width = (header.Width - x + stepX - 1) / stepX;
                if (width > 0)
                {
                    ReadPass(header, palette, stream, picture, x, y, stepX, stepY, width);
                }
            }

            // Reading to the end makes the stream verify its checksum.
            _ = stream.ReadByte();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidInputException($"PNG data is damaged or truncated: {exception.Message}", exception);
        }

        return picture;
    }

    private static void ReadPass(
        PngHeader header, PngPalette palette, ZLibStream stream, Pixmap picture, int x, int y, int stepX, int stepY, int width)
    {
        var length = header.RowLength(width);
        var pixelLength = Math.Max(1, header.BitsPerPixel / 8);

        // A row and the one above it, each after as many zeros as a pixel has bytes: filters look to the left of the first pixel.
        var row = new byte[pixelLength + length];
        var above = new byte[pixelLength + length];
        for (; y < header.Height; y += stepY)
        {
            var filter = stream.ReadByte();
            stream.ReadExactly(row, pixelLength, length);
            Unfilter(filter, row, above, pixelLength);
            for (var i = 0; i < width; i++)
            {
                var target = ((y * header.Width) + x + (i * stepX)) * Pixmap.Channels;
                palette.Expand(header, row.AsSpan(pixelLength), i, picture.Rgba.AsSpan(target, Pixmap.Channels));
            }

            (row, above) = (above, row);
        }
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelLength)
    {
        for (var i = pixelLength; i < row.Length; i++)
        {
            var (left, up, upLeft) = (row[i - pixelLength], above[i], above[i - pixelLength]);
            row[i] += filter switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (byte)((left + up) / 2),
                4 => Paeth(left, up, upLeft),
                _ => throw new InvalidInputException($"PNG row has filter {filter}, expected 0 to 4"),
            };
        }
    }

    /// <summary>The neighbour that is nearest to left + up − upLeft (PNG specification, 9.4).</summary>
    private static byte Paeth(byte left, byte up, byte upLeft)
    {
        var toLeft = Math.Abs(up - upLeft);
        var toUp = Math.Abs(left - upLeft);
        var toUpLeft = Math.Abs(left + up - (2 * upLeft));
        return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    }
}
