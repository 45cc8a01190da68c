namespace Mnist.Learning.Imaging;

/// <summary>A picture in memory: 8-bit RGBA, rows from the top, alpha not premultiplied.</summary>
public sealed class Pixmap
{
    /// <summary>Largest width and height of pictures that are read.</summary>
    public const int SideMax = 8192;

    /// <summary>Most pixels of pictures that are read, so that a small file cannot ask for all memory.</summary>
    public const int PixelsMax = 1 << 25;

    /// <summary>Bytes of a pixel.</summary>
    public const int Channels = 4;

    /// <summary>Creates a picture of transparent black.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Pixmap(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        Rgba = new byte[checked(width * height * Channels)];
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>(height, width, 4): red, green, blue, alpha.</summary>
    public byte[] Rgba { get; }

    /// <summary>Makes an opaque picture from shades of grey.</summary>
    /// <param name="grey">(height, width), 0 is black.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static Pixmap FromGrey(ReadOnlySpan<byte> grey, int width, int height)
    {
        if (grey.Length != width * height)
        {
            throw new ArgumentException($"{grey.Length} shades, expected {width} × {height}", nameof(grey));
        }

        var picture = new Pixmap(width, height);
        for (var i = 0; i < grey.Length; i++)
        {
            picture.Rgba.AsSpan(i * Channels, 3).Fill(grey[i]);
            picture.Rgba[(i * Channels) + 3] = byte.MaxValue;
        }

        return picture;
    }

    /// <summary>Refuses sizes that are not worth the memory.</summary>
    /// <param name="width">Columns that a file claims.</param>
    /// <param name="height">Rows that a file claims.</param>
    /// <exception cref="InvalidInputException">The size is 0 or too large.</exception>
    internal static void CheckSize(long width, long height)
    {
        if (width is < 1 or > SideMax || height is < 1 or > SideMax || width * height > PixelsMax)
        {
            throw new InvalidInputException(
                $"picture is {width}×{height}, expected 1 to {SideMax} a side and at most {PixelsMax >> 20} million pixels");
        }
    }
}
