using System.Text;
using Mnist.Learning.Imaging;

namespace Mnist.Learning.Tests.Imaging;

public sealed class PgmTests
{
    [Theory]
    [InlineData("P2\n# a comment\n3 1\n255\n0 128 255", new byte[] { 0, 128, 255 })]
    [InlineData("P2 3 1 15 0 8 15", new byte[] { 0, 136, 255 })]
    [InlineData("P2 3 1 65535 0 32768 65535\n", new byte[] { 0, 128, 255 })]
    [InlineData("P5 3 1 255\nA\nC", new byte[] { 65, 10, 67 })]
    [InlineData("P5 3 1 # end\n127\n\0@\u007f", new byte[] { 0, 129, 255 })]
    public void Text_and_binary_maps_are_read(string file, byte[] grey)
    {
        var picture = ImageReader.Decode(Encoding.Latin1.GetBytes(file));

        Assert.Equal((3, 1), (picture.Width, picture.Height));
        Assert.Equal(Pixmap.FromGrey(grey, 3, 1).Rgba, picture.Rgba);
    }

    [Fact]
    public void Samples_of_16_bits_are_big_endian()
    {
        byte[] file = [.. "P5 2 1 65535\n"u8, 0x80, 0, 0, 0x80];

        Assert.Equal(Pixmap.FromGrey([128, 0], 2, 1).Rgba, ImageReader.Decode(file).Rgba);
    }

    [Theory]
    [InlineData("P5 3 1 255\nAB", "PGM data is truncated")]
    [InlineData("P2 3 1 255\n1 2", "PGM data is truncated")]
    [InlineData("P2 3 1 255\n1  2  ", "PGM data is truncated: sample is missing")]
    [InlineData("P2 3 1 255\n1 2 x", "PGM sample is not a number")]
    [InlineData("P2 3 1 15\n1 16 2", "PGM sample 1 is 16, expected at most 15")]
    [InlineData("P2 3 1 0\n1 1 2", "PGM maximum is 0, expected 1 to 65535")]
    [InlineData("P2 99999999999 1 255\n1 1 2", "picture is ")]
    [InlineData("P2 0 1 255\n", "picture is 0×1")]
    [InlineData("P2 3", "PGM data is truncated: height is missing")]
    [InlineData("P2", "PGM data is truncated: width is missing")]
    public void A_map_that_is_not_right_is_refused_with_the_fault(string file, string message)
    {
        var error = Assert.Throws<InvalidInputException>(() => ImageReader.Decode(Encoding.Latin1.GetBytes(file)));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
