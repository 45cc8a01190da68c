using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Mnist.Learning.Tests.Imaging;

/// <summary>Writes PNG files of every kind, right and wrong, bit by bit: what the reader is checked against.</summary>
internal static class PngBytes
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Encodes a picture; filter −1 takes another one in each row; the extra chunks come between header and data.</summary>
    public static byte[] Encode(
        int width,
        int height,
        int bitDepth,
        int colorType,
        Func<int, int, int[]> samples,
        int filter = 0,
        bool interlaced = false,
        params (string Type, byte[] Data)[] extra)
    {
        using var raw = new MemoryStream();
        foreach (var (startX, startY, stepX, stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            byte[]? above = null;
            for (var y = startY; y < height && startX < width; y += stepY)
            {
                var row = Pack([.. Range(startX, width, stepX).SelectMany(x => samples(x, y))], bitDepth);
                var bytesPerPixel = Math.Max(1, samples(startX, y).Length * bitDepth / 8);
                var chosen = filter < 0 ? y % 5 : filter;
                raw.WriteByte((byte)chosen);
                raw.Write(Filter(chosen, row, above ?? new byte[row.Length], bytesPerPixel));
                above = row;
            }
        }

        return Assemble([("IHDR", Header(width, height, bitDepth, colorType, interlaced)), .. extra, ("IDAT", Zip(raw.ToArray())), ("IEND", [])]);
    }

    public static byte[] Header(int width, int height, int bitDepth, int colorType, bool interlaced = false)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)bitDepth, (byte)colorType, (byte)(interlaced ? 1 : 0));
        return header;
    }

    public static byte[] Assemble(params (string Type, byte[] Data)[] chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var number = new byte[4];
        foreach (var (type, data) in chunks)
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
            file.Write(number);
        }

        return file.ToArray();
    }

    public static byte[] Zip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var stream = new ZLibStream(buffer, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return buffer.ToArray();
    }

    private static IEnumerable<int> Range(int start, int end, int step)
    {
        for (var i = start; i < end; i += step)
        {
            yield return i;
        }
    }

    private static byte[] Pack(int[] samples, int bitDepth)
    {
        var bits = string.Concat(samples.Select(sample => Convert.ToString(sample, 2).PadLeft(bitDepth, '0')));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '0');
        return [.. Range(0, bits.Length, 8).Select(i => Convert.ToByte(bits.Substring(i, 8), 2))];
    }

    private static byte[] Filter(int filter, byte[] row, byte[] above, int bytesPerPixel)
    {
        var filtered = new byte[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            int left = i < bytesPerPixel ? 0 : row[i - bytesPerPixel];
            int up = above[i];
            int upLeft = i < bytesPerPixel ? 0 : above[i - bytesPerPixel];
            var paeth = new[] { left, up, upLeft }.MinBy(value => Math.Abs(left + up - upLeft - value));
            filtered[i] = (byte)(row[i] - filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => paeth });
        }

        return filtered;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
