namespace Mnist.Learning.Data;

/// <summary>Greyscale images of one size with their labels, as stored in a pair of IDX files.</summary>
public sealed class ImageSet
{
    /// <summary>Rows and columns of every image that the networks read.</summary>
    public const int Side = 28;

    /// <summary>Pixels of one image.</summary>
    public const int PixelsPerImage = Side * Side;

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Wraps pixels and labels without copying them.</summary>
    /// <param name="pixels">(count, 28, 28), 0 is paper and 255 is ink.</param>
    /// <param name="labels">(count), 0 to 9.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public ImageSet(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels)
    {
        if (pixels.Length != labels.Length * PixelsPerImage)
        {
            throw new ArgumentException($"{pixels.Length} pixels do not match {labels.Length} labels", nameof(pixels));
        }

        Pixels = pixels;
        Labels = labels;
    }

    /// <summary>(count, 28, 28), 0 is paper and 255 is ink.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>(count), 0 to 9.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Pixels of one image, (28, 28).</summary>
    /// <param name="index">Index of the image.</param>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Span.Slice(index * PixelsPerImage, PixelsPerImage);

    /// <summary>A part of the set, without copying.</summary>
    /// <param name="start">Index of the first image.</param>
    /// <param name="count">Number of images.</param>
    public ImageSet Slice(int start, int count) =>
        new(Pixels.Slice(start * PixelsPerImage, count * PixelsPerImage), Labels.Slice(start, count));
}
