using System.Buffers.Binary;

namespace Mnist.Learning.Imaging;

/// <summary>Turns a PNG's samples into RGBA: its palette, its transparent colour, its bit depth.</summary>
internal sealed class PngPalette
{
    private const int ColorsMax = 256;
    private readonly byte[] _alpha = Enumerable.Repeat(byte.MaxValue, ColorsMax).ToArray();
    private readonly ushort[] _transparent = new ushort[3];
    private byte[] _colors = [];
    private bool _hasTransparent;

    /// <summary>Takes the palette over.</summary>
    /// <param name="data">Data of the chunk PLTE.</param>
    public void SetColors(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0 || data.Length % 3 != 0 || data.Length > 3 * ColorsMax)
        {
            throw new InvalidInputException($"PNG palette has {data.Length} bytes, expected 3 for each of 1 to {ColorsMax} colours");
        }

        _colors = data.ToArray();
    }

    /// <summary>Takes transparency over: alpha of palette entries, or one colour that is transparent.</summary>
    /// <param name="data">Data of the chunk tRNS.</param>
    /// <param name="header">Header of the picture.</param>
    public void SetTransparency(ReadOnlySpan<byte> data, PngHeader header)
    {
        if (header.ColorType == PngColorType.Palette)
        {
            data[..Math.Min(data.Length, ColorsMax)].CopyTo(_alpha);
            return;
        }

        if (header.ColorType is not (PngColorType.Grey or PngColorType.Rgb) || data.Length != 2 * header.Samples)
        {
            throw new InvalidInputException(
                $"PNG transparency has {data.Length} bytes, which does not fit colour type {(int)header.ColorType}");
        }

        for (var i = 0; i < header.Samples; i++)
        {
            _transparent[i] = BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..]);
        }

        _hasTransparent = true;
    }

    /// <summary>Refuses a picture of palette indices without a palette.</summary>
    /// <param name="header">Header of the picture.</param>
    public void Check(PngHeader header)
    {
        if (header.ColorType == PngColorType.Palette && _colors.Length == 0)
        {
            throw new InvalidInputException("PNG has no palette, expected one for colour type 3");
        }
    }

    /// <summary>Writes a pixel as RGBA.</summary>
    /// <param name="header">Header of the picture.</param>
    /// <param name="row">Samples of the row.</param>
    /// <param name="index">Index of the pixel within the row.</param>
    /// <param name="rgba">(4), receives the pixel.</param>
    public void Expand(PngHeader header, ReadOnlySpan<byte> row, int index, Span<byte> rgba)
    {
        Span<ushort> samples = stackalloc ushort[4];
        samples = samples[..header.Samples];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = Sample(row, (index * samples.Length) + i, header.BitDepth);
        }

        if (header.ColorType == PngColorType.Palette)
        {
            if (3 * samples[0] >= _colors.Length)
            {
                throw new InvalidInputException($"PNG pixel has colour {samples[0]}, expected one of the palette's {_colors.Length / 3}");
            }

            _colors.AsSpan(3 * samples[0], 3).CopyTo(rgba);
            rgba[3] = _alpha[samples[0]];
            return;
        }

        var isTransparent = _hasTransparent && samples.SequenceEqual(_transparent.AsSpan(0, samples.Length));
        rgba[3] = isTransparent ? (byte)0 : byte.MaxValue;
        if (header.ColorType is PngColorType.Grey or PngColorType.GreyAlpha)
        {
            rgba[..3].Fill(ToByte(samples[0], header.BitDepth));
        }
        else
        {
            for (var i = 0; i < 3; i++)
            {
                rgba[i] = ToByte(samples[i], header.BitDepth);
            }
        }

        if (header.ColorType is PngColorType.GreyAlpha or PngColorType.Rgba)
        {
            rgba[3] = ToByte(samples[^1], header.BitDepth);
        }
    }

    private static ushort Sample(ReadOnlySpan<byte> row, int index, int bitDepth) => bitDepth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]),
        8 => row[index],
        _ => (ushort)((row[index * bitDepth / 8] >> (8 - bitDepth - (index * bitDepth % 8))) & ((1 << bitDepth) - 1)),
    };

    /// <summary>Scales a sample to 0 to 255, rounding to the nearest.</summary>
    private static byte ToByte(ushort sample, int bitDepth)
    {
        var max = (1 << bitDepth) - 1;
        return (byte)(((sample * byte.MaxValue) + (max / 2)) / max);
    }
}
