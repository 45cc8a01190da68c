using System.Buffers.Binary;
using System.IO.Compression;

namespace Mnist.Learning.Tests.Data;

/// <summary>Makes IDX files, right and wrong.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int rows = 28, int columns = 28)
    {
        var content = new byte[16 + (count * rows * columns)];
        WriteHeader(content, 0x803, count, rows, columns);
        for (var i = 16; i < content.Length; i++)
        {
            content[i] = (byte)(i * 31);
        }

        return content;
    }

    public static byte[] Labels(params ReadOnlySpan<byte> labels)
    {
        var content = new byte[8 + labels.Length];
        WriteHeader(content, 0x801, labels.Length);
        labels.CopyTo(content.AsSpan(8));
        return content;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return buffer.ToArray();
    }

    /// <summary>Writes the four files of a data set of three training images and two test images.</summary>
    public static void WriteDataset(string folder, string prefix = "", string test = "t10k", char separator = '-', bool gzip = false)
    {
        Write("train-images", 3, Images(3));
        Write("train-labels", 1, Labels(1, 2, 3));
        Write($"{test}-images", 3, Images(2));
        Write($"{test}-labels", 1, Labels(9, 0));

        void Write(string name, int dimensions, byte[] content) => File.WriteAllBytes(
            Path.Combine(folder, $"{prefix}{name}{separator}idx{dimensions}-ubyte{(gzip ? ".gz" : "")}"), gzip ? Gzip(content) : content);
    }

    private static void WriteHeader(byte[] content, int magic, params ReadOnlySpan<int> dimensions)
    {
        BinaryPrimitives.WriteInt32BigEndian(content, magic);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * (i + 1)), dimensions[i]);
        }
    }
}
