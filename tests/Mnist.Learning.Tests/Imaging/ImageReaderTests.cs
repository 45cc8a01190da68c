using Mnist.Learning.Imaging;
using Mnist.Learning.Tests.Files;

namespace Mnist.Learning.Tests.Imaging;

public sealed class ImageReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF }, "is a JPEG picture, expected PNG or PGM")]
    [InlineData(new byte[0], "is empty, expected a PNG or PGM picture")]
    [InlineData(new byte[] { 1, 2, 3 }, "is not a picture that can be read, expected PNG or PGM")]
    public void Other_files_are_refused_by_name(byte[] content, string message)
    {
        var path = _folder.File("digit.png");
        File.WriteAllBytes(path, content);

        Assert.Equal($"{path}: {message}", Assert.Throws<InvalidInputException>(() => ImageReader.Read(path)).Message);
    }

    [Fact]
    public void A_missing_file_is_refused_by_name()
    {
        var path = _folder.File("none.png");

        Assert.StartsWith($"{path}: cannot be read", Assert.Throws<InvalidInputException>(() => ImageReader.Read(path)).Message, StringComparison.Ordinal);
    }
}
