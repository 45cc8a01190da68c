using System.Buffers.Binary;

namespace Mnist.Learning.Imaging;

/// <summary>Reads PGM (Netpbm's grey map): text (P2) and binary (P5), up to 16 bits a sample, which are scaled to 8.</summary>
internal static class PgmReader
{
    private const int SampleMax = ushort.MaxValue;

    /// <summary>Reads the file's first picture.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidInputException">The file is damaged or too large.</exception>
    public static Pixmap Decode(ReadOnlySpan<byte> file)
    {
        var isText = file[1] == (byte)'2';
        var rest = file[2..];
        var width = ReadNumber(ref rest, "width");
        var height = ReadNumber(ref rest, "height");
        Pixmap.CheckSize(width, height);
        var max = ReadNumber(ref rest, "maximum");
        if (max is < 1 or > SampleMax)
        {
            throw new InvalidInputException($"PGM maximum is {max}, expected 1 to {SampleMax}");
        }

        var sampleLength = max > byte.MaxValue ? 2 : 1;
        if (!isText)
        {
            // One white space ends the header; what looks like more of it is the first sample.
            rest = rest[Math.Min(1, rest.Length)..];
        }

        // A sample of text takes two bytes at least, but for the last one.
        var needed = isText ? (2L * width * height) - 1 : (long)sampleLength * width * height;
        if (rest.Length < needed)
        {
            throw new InvalidInputException($"PGM data is truncated: {rest.Length} bytes, expected at least {needed} for {width}×{height}");
        }

        var grey = new byte[width * height];
        for (var i = 0; i < grey.Length; i++)
        {
            var sample = isText ? ReadNumber(ref rest, "sample") : ReadSample(ref rest, sampleLength);
            if (sample > max)
            {
                throw new InvalidInputException($"PGM sample {i} is {sample}, expected at most {max}");
            }

            grey[i] = (byte)(((sample * byte.MaxValue) + (max / 2)) / max);
        }

        return Pixmap.FromGrey(grey, width, height);
    }

    private static int ReadSample(ref ReadOnlySpan<byte> rest, int length)
    {
        var sample = length == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[length..];
        return sample;
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> rest, string what)
    {
        SkipSpace(ref rest);
        var length = 0;
        var number = 0;
        for (; length < rest.Length && rest[length] is >= (byte)'0' and <= (byte)'9'; length++)
        {
            number = Math.Min((number * 10) + rest[length] - '0', int.MaxValue / 16);
        }

        if (length == 0)
        {
            throw new InvalidInputException(rest.IsEmpty ? $"PGM data is truncated: {what} is missing" : $"PGM {what} is not a number");
        }

        rest = rest[length..];
        return number;
    }

    private static void SkipSpace(ref ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest[0] == (byte)'#')
            {
                var end = rest.IndexOf((byte)'\n');
                rest = end < 0 ? [] : rest[end..];
            }
            else if (rest[0] is (byte)' ' or >= 9 and <= 13)
            {
                rest = rest[1..];
            }
            else
            {
                return;
            }
        }
    }
}
