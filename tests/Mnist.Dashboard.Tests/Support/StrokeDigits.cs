using System.Buffers.Binary;

namespace Mnist.Dashboard.Tests.Support;

/// <summary>A data set of digits drawn with a pen, each by a hand of its own: enough to teach what a 7 is, without MNIST.</summary>
internal static class StrokeDigits
{
    private const int Side = 28;
    private const int TrainingCount = 6000;
    private const int TestCount = 1000;
    private const double PenRadius = 1.25;

    /// <summary>Strokes of each digit in a square of side 1, as points of polygonal lines.</summary>
    private static readonly double[][][] Shapes =
    [
        [Ellipse(0.5, 0.5, 0.32, 0.48, 0, 360)],
        [[0.3, 0.2, 0.52, 0.02, 0.52, 1]],
        [[.. Ellipse(0.5, 0.28, 0.34, 0.28, 190, 395), 0.14, 1, 0.88, 1]],
        [[.. Ellipse(0.45, 0.25, 0.36, 0.25, 200, 450), .. Ellipse(0.45, 0.74, 0.4, 0.26, 270, 520)]],
        [[0.7, 1, 0.7, 0, 0.1, 0.68, 0.95, 0.68]],
        [[0.85, 0, 0.22, 0, 0.18, 0.45, .. Ellipse(0.45, 0.68, 0.38, 0.32, 250, 510)]],
        [[0.72, 0.02, 0.35, 0.35, .. Ellipse(0.5, 0.7, 0.34, 0.3, 200, 560)]],
        [[0.1, 0.04, 0.9, 0.04, 0.4, 1]],
        [Ellipse(0.5, 0.25, 0.28, 0.25, 0, 360), Ellipse(0.5, 0.74, 0.34, 0.26, 0, 360)],
        [Ellipse(0.48, 0.28, 0.32, 0.28, 0, 360), [0.8, 0.28, 0.74, 0.65, 0.6, 1]],
    ];

    /// <summary>Writes the four files of a data set.</summary>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(1);
        foreach (var (name, count) in new[] { ("train", TrainingCount), ("t10k", TestCount) })
        {
            var images = new byte[16 + (count * Side * Side)];
            var labels = new byte[8 + count];
            WriteHeader(images, 0x803, count, Side, Side);
            WriteHeader(labels, 0x801, count);
            for (var i = 0; i < count; i++)
            {
                labels[8 + i] = (byte)(i % 10);
                Draw(images.AsSpan(16 + (i * Side * Side), Side * Side), Shapes[i % 10], random);
            }

            File.WriteAllBytes(Path.Combine(folder, $"{name}-images-idx3-ubyte"), images);
            File.WriteAllBytes(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), labels);
        }

        return folder;
    }

    private static void Draw(Span<byte> pixels, double[][] strokes, Random random)
    {
        var (slant, width, height) = (Around(0.25), 15 + Around(4), 18 + Around(2));
        var (left, top) = (14 - (width / 2) + Around(1), 14 - (height / 2) + Around(1));
        var radius = PenRadius + Around(0.4);
        foreach (var stroke in strokes)
        {
            for (var i = 0; i + 3 < stroke.Length; i += 2)
            {
                var (a, b) = (Place(stroke[i], stroke[i + 1]), Place(stroke[i + 2], stroke[i + 3]));
                for (var p = 0; p < pixels.Length; p++)
                {
                    var ink = radius + 0.5 - Distance(p % Side, p / Side, a, b);
                    pixels[p] = Math.Max(pixels[p], (byte)(255 * Math.Clamp(ink, 0, 1)));
                }
            }
        }

        double Around(double most) => ((2 * random.NextDouble()) - 1) * most;

        (double X, double Y) Place(double x, double y) => (left + (width * (x + (slant * (0.5 - y)))), top + (height * y));
    }

    private static double Distance(double x, double y, (double X, double Y) a, (double X, double Y) b)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var along = Math.Clamp((((x - a.X) * dx) + ((y - a.Y) * dy)) / Math.Max((dx * dx) + (dy * dy), 1e-9), 0, 1);
        return double.Hypot(x - a.X - (along * dx), y - a.Y - (along * dy));
    }

    private static double[] Ellipse(double x, double y, double radiusX, double radiusY, double from, double to) =>
    [
        .. Enumerable.Range(0, 13).SelectMany(i =>
        {
            var angle = double.DegreesToRadians(from + ((to - from) * i / 12));
            return (double[])[x + (radiusX * Math.Cos(angle)), y + (radiusY * Math.Sin(angle))];
        }),
    ];

    private static void WriteHeader(byte[] content, int magic, params ReadOnlySpan<int> dimensions)
    {
        BinaryPrimitives.WriteInt32BigEndian(content, magic);
        for (var i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 * (i + 1)), dimensions[i]);
        }
    }
}
