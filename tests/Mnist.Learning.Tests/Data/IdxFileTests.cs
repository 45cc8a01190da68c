using Mnist.Learning.Data;
using Mnist.Learning.Tests.Files;

namespace Mnist.Learning.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_are_read_plain_or_gzip(bool gzip)
    {
        var content = IdxBytes.Images(3);

        Assert.Equal(content, IdxFile.ReadImages(Write(gzip ? IdxBytes.Gzip(content) : content)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Labels_are_read_plain_or_gzip(bool gzip)
    {
        var content = IdxBytes.Labels(0, 9, 5);

        Assert.Equal(content, IdxFile.ReadLabels(Write(gzip ? IdxBytes.Gzip(content) : content)));
    }

    [Theory]
    [InlineData(false, "truncated", "2367 bytes, expected 2368 for the 3 items")]
    [InlineData(true, "truncated", "truncated: 2367 bytes, expected 2368 for the 3 items")]
    [InlineData(false, "trailing", "2369 bytes, expected 2368 for the 3 items")]
    [InlineData(true, "trailing", "more than the 2368 bytes of the 3 items")]
    [InlineData(false, "header", "10 bytes, expected an IDX header of 16 bytes")]
    [InlineData(true, "header", "10 bytes, expected an IDX header of 16 bytes")]
    [InlineData(false, "empty", "0 bytes, expected an IDX header of 16 bytes")]
    [InlineData(false, "magic", "magic number is 0x00000802, expected 0x00000803 (IDX images)")]
    [InlineData(false, "labels", "magic number is 0x00000801, expected 0x00000803 (IDX images)")]
    [InlineData(true, "size", "images are 14×56, expected 28×28")]
    [InlineData(false, "none", "holds no items")]
    [InlineData(true, "huge", "expected 1568000016 for the 2000000 items")]
    [InlineData(false, "over", "header says 4294967295 items")]
    public void Images_that_are_not_right_are_refused_with_what_was_found(bool gzip, string fault, string message)
    {
        var content = IdxBytes.Images(3);
        content = fault switch
        {
            "truncated" => content[..^1],
            "trailing" => [.. content, 0],
            "header" => content[..10],
            "empty" => [],
            "magic" => [0, 0, 8, 2, .. content[4..]],
            "labels" => IdxBytes.Labels(new byte[3000]),
            "size" => IdxBytes.Images(3, 14, 56),
            "none" => IdxBytes.Images(0),
            "huge" => [.. content[..4], 0, 0x1E, 0x84, 0x80, .. content[8..]],
            _ => [.. content[..4], 255, 255, 255, 255, .. content[8..]],
        };
        var path = Write(gzip ? IdxBytes.Gzip(content) : content);

        var error = Assert.Throws<InvalidInputException>(() => IdxFile.ReadImages(path));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_label_out_of_range_is_refused_with_its_place()
    {
        var path = Write(IdxBytes.Labels(1, 2, 10));

        var error = Assert.Throws<InvalidInputException>(() => IdxFile.ReadLabels(path));

        Assert.Equal($"{path}: label 2 is 10, expected 0 to 9", error.Message);
    }

    [Fact]
    public void Gzip_data_that_ends_early_is_refused()
    {
        var path = Write(IdxBytes.Gzip(IdxBytes.Images(3))[..100]);

        Assert.StartsWith(path, Assert.Throws<InvalidInputException>(() => IdxFile.ReadImages(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_data_with_a_flipped_byte_is_refused()
    {
        var content = IdxBytes.Gzip(IdxBytes.Images(3));
        content[^6] ^= 1;
        var path = Write(content);

        Assert.Contains("damaged", Assert.Throws<InvalidInputException>(() => IdxFile.ReadImages(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused_by_name()
    {
        var path = _folder.File("none");

        Assert.StartsWith(path, Assert.Throws<InvalidInputException>(() => IdxFile.ReadImages(path)).Message, StringComparison.Ordinal);
    }

    private string Write(byte[] content)
    {
        var path = _folder.File("file-ubyte");
        File.WriteAllBytes(path, content);
        return path;
    }
}
