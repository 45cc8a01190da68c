using System.Buffers.Binary;

namespace Mnist.Learning.Imaging;

/// <summary>The header chunk of a PNG file (PNG specification, third edition, 11.2.1).</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="BitDepth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="ColorType">What a pixel's samples are.</param>
/// <param name="IsInterlaced">Whether the rows are stored in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool IsInterlaced)
{
    private const int Length = 13;

    /// <summary>Samples of a pixel.</summary>
    public int Samples => ColorType switch
    {
        PngColorType.Grey or PngColorType.Palette => 1,
        PngColorType.GreyAlpha => 2,
        PngColorType.Rgb => 3,
        _ => 4,
    };

    /// <summary>Bits of a pixel.</summary>
    public int BitsPerPixel => Samples * BitDepth;

    /// <summary>Bytes of a row of pixels, without its filter byte.</summary>
    /// <param name="width">Pixels of the row.</param>
    public int RowLength(int width) => ((width * BitsPerPixel) + 7) / 8;

    /// <summary>Reads the header.</summary>
    /// <param name="data">The chunk's data.</param>
    /// <exception cref="InvalidInputException">A field has a value that is not allowed, or the picture is too large.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != Length)
        {
            throw new InvalidInputException($"PNG header has {data.Length} bytes, expected {Length}");
        }

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        Pixmap.CheckSize(width, height);
        var header = new PngHeader((int)width, (int)height, data[8], (PngColorType)data[9], data[12] == 1);
        var isAllowed = header.ColorType switch
        {
            PngColorType.Grey => header.BitDepth is 1 or 2 or 4 or 8 or 16,
            PngColorType.Palette => header.BitDepth is 1 or 2 or 4 or 8,
            PngColorType.Rgb or PngColorType.GreyAlpha or PngColorType.Rgba => header.BitDepth is 8 or 16,
            _ => false,
        };
        if (!isAllowed || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new InvalidInputException(
                $"PNG header has bit depth {data[8]}, colour type {data[9]}, compression {data[10]}, filter {data[11]}, "
                    + $"interlace {data[12]}: not allowed");
        }

        return header;
    }
}

/// <summary>What a pixel's samples are.</summary>
internal enum PngColorType : byte
{
    /// <summary>Grey.</summary>
    Grey = 0,

    /// <summary>Red, green, blue.</summary>
    Rgb = 2,

    /// <summary>Index of a palette entry.</summary>
    Palette = 3,

    /// <summary>Grey, alpha.</summary>
    GreyAlpha = 4,

    /// <summary>Red, green, blue, alpha.</summary>
    Rgba = 6,
}
