using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnist.Learning.Imaging;

/// <summary>Writes PNG: 8-bit grey, RGB or RGBA, whichever is the least that holds the picture.</summary>
public static class PngWriter
{
    private const byte FilterUp = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Encode(Pixmap picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (isGrey, isOpaque) = Examine(picture.Rgba);
        var colorType = !isOpaque ? PngColorType.Rgba : isGrey ? PngColorType.Grey : PngColorType.Rgb;
        var channels = !isOpaque ? 4 : isGrey ? 1 : 3;

        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = (byte)colorType;
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(picture, channels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static (bool IsGrey, bool IsOpaque) Examine(ReadOnlySpan<byte> rgba)
    {
        var (isGrey, isOpaque) = (true, true);
        for (var i = 0; i < rgba.Length; i += Pixmap.Channels)
        {
            isGrey &= rgba[i] == rgba[i + 1] && rgba[i] == rgba[i + 2];
            isOpaque &= rgba[i + 3] == byte.MaxValue;
        }

        return (isGrey, isOpaque);
    }

    private static ReadOnlySpan<byte> Compress(Pixmap picture, int channels)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var length = picture.Width * channels;
            var row = new byte[length];
            var above = new byte[length];
            var filtered = new byte[1 + length];

            // Difference to the row above: the flat areas and vertical lines of charts become zeros.
            filtered[0] = FilterUp;
            for (var y = 0; y < picture.Height; y++)
            {
                for (var x = 0; x < picture.Width; x++)
                {
                    picture.Rgba.AsSpan(((y * picture.Width) + x) * Pixmap.Channels, channels).CopyTo(row.AsSpan(x * channels));
                }

                for (var i = 0; i < length; i++)
                {
                    filtered[1 + i] = (byte)(row[i] - above[i]);
                }

                stream.Write(filtered);
                (row, above) = (above, row);
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(type, data));
        file.Write(number);
    }
}
