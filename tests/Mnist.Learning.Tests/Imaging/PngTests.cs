using Mnist.Learning.Imaging;

namespace Mnist.Learning.Tests.Imaging;

public sealed class PngTests
{
    public static TheoryData<int, int> EveryColorTypeAndDepth =>
        new([(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]);

    [Theory]
    [MemberData(nameof(EveryColorTypeAndDepth))]
    public void Every_kind_is_read_with_every_filter_interlaced_or_not(int colorType, int depth)
    {
        (int Width, int Height)[] sizes = [(1, 1), (3, 2), (13, 11), (8, 17)];
        foreach (var (width, height) in sizes)
        {
            foreach (var filter in Enumerable.Range(-1, 6))
            {
                AssertRead(colorType, depth, width, height, filter, interlaced: false);
                AssertRead(colorType, depth, width, height, filter, interlaced: true);
            }
        }
    }

    [Fact]
    public void A_file_by_another_program_is_read()
    {
        // A 5×2 picture of four palette entries, 2 bits each, with alpha, written by Pillow 9.4.
        var file = Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAUAAAACAgMAAADtBP7OAAAADFBMVEUAAAD/AAAA/wAAAP+bwBPcAAAABHRSTlP/gED/UdjbYwAAAA5JREFUeJ"
                + "xjkGZgeHIAAAMVAcBQ7VgYAAAAAElFTkSuQmCC");

        var picture = ImageReader.Decode(file);

        Assert.Equal((5, 2), (picture.Width, picture.Height));
        int[] indices = [0, 1, 2, 3, 0, 3, 2, 1, 0, 3];
        byte[][] colors = [[0, 0, 0, 255], [255, 0, 0, 128], [0, 255, 0, 64], [0, 0, 255, 255]];
        Assert.Equal(indices.SelectMany(index => colors[index]), picture.Rgba);
    }

    [Fact]
    public void The_writers_bytes_are_those_of_the_specification()
    {
        var file = PngWriter.Encode(Pixmap.FromGrey([0, 128], 2, 1));

        byte[] start =
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0xD1, 0x49, 0x20, 0x56,
        ];
        byte[] end = [0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82];
        Assert.Equal(start, file[..start.Length]);
        Assert.Equal(end, file[^end.Length..]);
    }

    [Theory]
    [InlineData("grey", 0)]
    [InlineData("rgb", 2)]
    [InlineData("rgba", 6)]
    public void What_is_written_is_read_back_from_the_least_kind_that_holds_it(string kind, byte colorType)
    {
        var picture = new Pixmap(9, 7);
        for (var i = 0; i < picture.Rgba.Length; i++)
        {
            picture.Rgba[i] = (byte)(kind == "grey" ? i / 4 * 3 : i * 37);
            picture.Rgba[i] = i % 4 == 3 && kind != "rgba" ? (byte)255 : picture.Rgba[i];
        }

        var file = PngWriter.Encode(picture);

        Assert.Equal(colorType, file[25]);
        Assert.Equal(picture.Rgba, ImageReader.Decode(file).Rgba);
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        var file = PngBytes.Encode(5, 4, 8, 2, (x, y) => [x, y, 7]);

        for (var length = 0; length < file.Length - 1; length++)
        {
            Assert.Throws<InvalidInputException>(() => ImageReader.Decode(file.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var file = PngBytes.Encode(5, 4, 8, 2, (x, y) => [x, y, 7]);

        for (var i = 0; i < file.Length; i++)
        {
            var flipped = file.ToArray();
            flipped[i] ^= 0x10;
            Assert.Throws<InvalidInputException>(() => ImageReader.Decode(flipped));
        }
    }

    [Theory]
    [InlineData("wide", "picture is 8193×1")]
    [InlineData("large", "picture is 8192×8192")]
    [InlineData("bomb", "PNG data is truncated")]
    [InlineData("depth", "bit depth 3")]
    [InlineData("order", "PNG chunk IDAT precedes the header")]
    [InlineData("unknown", "PNG chunk CgBI is unknown")]
    [InlineData("palette", "PNG has no palette")]
    [InlineData("index", "PNG pixel has colour 2, expected one of the palette's 2")]
    [InlineData("filter", "PNG row has filter 5, expected 0 to 4")]
    [InlineData("rows", "PNG data is damaged or truncated")]
    public void A_file_that_is_not_right_is_refused_with_the_fault(string fault, string message)
    {
        var file = fault switch
        {
            "wide" => PngBytes.Assemble(("IHDR", PngBytes.Header(8193, 1, 8, 0))),
            "large" => PngBytes.Assemble(("IHDR", PngBytes.Header(8192, 8192, 8, 0))),
            "bomb" => PngBytes.Assemble(("IHDR", PngBytes.Header(8192, 4096, 8, 6)), ("IDAT", PngBytes.Zip(new byte[1000])), ("IEND", [])),
            "depth" => PngBytes.Assemble(("IHDR", PngBytes.Header(1, 1, 3, 0))),
            "order" => PngBytes.Assemble(("IDAT", [])),
            "unknown" => PngBytes.Encode(1, 1, 8, 0, (_, _) => [0], extra: ("CgBI", [1])),
            "palette" => PngBytes.Encode(1, 1, 8, 3, (_, _) => [0]),
            "index" => PngBytes.Encode(1, 1, 8, 3, (_, _) => [2], extra: ("PLTE", new byte[6])),
            "filter" => PngBytes.Encode(1, 1, 8, 0, (_, _) => [0], filter: 5),
            _ => PngBytes.Assemble(("IHDR", PngBytes.Header(2, 2, 8, 0)), ("IDAT", PngBytes.Zip([0, 1, 2])), ("IEND", [])),
        };

        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => ImageReader.Decode(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new byte[] { 0, 5 }, 5)]
    [InlineData(2, new byte[] { 0, 5, 0, 6, 0, 7 }, 5)]
    public void One_colour_may_be_transparent(int colorType, byte[] transparent, int value)
    {
        var file = PngBytes.Encode(2, 1, 8, colorType, (x, _) => x == 0 ? Sample(value) : Sample(9), extra: ("tRNS", transparent));

        var rgba = ImageReader.Decode(file).Rgba;

        Assert.Equal([0, 255], [rgba[3], rgba[7]]);

        int[] Sample(int first) => colorType == 0 ? [first] : [first, first + 1, first + 2];
    }

    private static void AssertRead(int colorType, int depth, int width, int height, int filter, bool interlaced)
    {
        var max = (1 << depth) - 1;
        var count = colorType switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };
        byte[] palette = [.. Enumerable.Range(0, 3 * Math.Min(max + 1, 256)).Select(i => (byte)(i * 71))];
        (string, byte[])[] extra = colorType == 3 ? [("PLTE", palette)] : [];

        var picture = ImageReader.Decode(PngBytes.Encode(width, height, depth, colorType, Samples, filter, interlaced, extra));

        for (var i = 0; i < width * height; i++)
        {
            var samples = Samples(i % width, i / width);
            byte[] scaled = [.. samples.Select(sample => (byte)Math.Round(sample * 255.0 / max, MidpointRounding.AwayFromZero))];
            byte[] expected = colorType switch
            {
                0 => [scaled[0], scaled[0], scaled[0], 255],
                2 => [.. scaled, 255],
                3 => [.. palette.AsSpan(3 * samples[0], 3), 255],
                4 => [scaled[0], scaled[0], scaled[0], scaled[1]],
                _ => scaled,
            };
            Assert.Equal(expected, picture.Rgba[(4 * i)..(4 * i + 4)]);
        }

        int[] Samples(int x, int y) => [.. Enumerable.Range(0, count).Select(i => ((x * 31) + (y * 57) + (i * 91) + (x * y * 7919)) & max)];
    }
}
