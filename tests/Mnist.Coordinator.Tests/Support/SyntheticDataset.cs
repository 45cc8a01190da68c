using System.Buffers.Binary;

namespace Mnist.Coordinator.Tests.Support;

/// <summary>A small data set that can be learned: every class is a blob of ink at a place of its own, with noise.</summary>
internal static class SyntheticDataset
{
    public const int TrainingCount = 600;

    /// <summary>What a run trains on: one image in twelve is held out for validation.</summary>
    public const int TrainedCount = TrainingCount - (TrainingCount / 12);
    public const int TestCount = 200;
    private const int Side = 28;
    private const int HeaderLength = 16;

    public static string TrainingImages(string folder) => Path.Combine(folder, "train-images-idx3-ubyte");

    public static string TrainingLabels(string folder) => Path.Combine(folder, "train-labels-idx1-ubyte");

    /// <summary>Writes the four files.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(1);
        var training = Draw(TrainingCount, random);
        var test = Draw(TestCount, random);
        File.WriteAllBytes(TrainingImages(folder), training.Images);
        File.WriteAllBytes(TrainingLabels(folder), training.Labels);
        File.WriteAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte"), test.Images);
        File.WriteAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte"), test.Labels);
        return folder;
    }

    /// <summary>Writes an image as a binary PGM file.</summary>
    public static void WritePgm(string path, int digit)
    {
        var pixels = new byte[Side * Side];
        DrawDigit(pixels, digit, new Random(digit));
        File.WriteAllBytes(path, [.. "P5\n28 28\n255\n"u8, .. pixels]);
    }

    private static (byte[] Images, byte[] Labels) Draw(int count, Random random)
    {
        var images = new byte[HeaderLength + (count * Side * Side)];
        var labels = new byte[8 + count];
        WriteHeader(images, 0x803, count, Side, Side);
        WriteHeader(labels, 0x801, count);
        for (var i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 10);
            DrawDigit(images.AsSpan(HeaderLength + (i * Side * Side), Side * Side), i % 10, random);
        }

        return (images, labels);
    }

    private static void DrawDigit(Span<byte> pixels, int digit, Random random)
    {
        var centerX = 7 + (digit % 4 * 4.5) + random.NextDouble();
        var centerY = 7 + (digit / 4 * 6) + random.NextDouble();
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = ((i % Side) - centerX, (i / Side) - centerY);

            // The noise is on the ink only: paper is 0, as in MNIST, so that a picture of it is taken as it is.
            pixels[i] = (byte)((200 + (55 * random.NextDouble())) * Math.Exp(-((x * x) + (y * y)) / 6));
        }
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
