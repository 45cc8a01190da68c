namespace Mnist.Learning.Imaging;

/// <summary>Reads pictures of the formats that need no library: PNG and PGM, told apart by content.</summary>
public static class ImageReader
{
    private const long FileLengthMax = 256L << 20;

    /// <summary>Reads a picture file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, is damaged, too large, or of another format.</exception>
    public static Pixmap Read(string path)
    {
        byte[] content;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > FileLengthMax)
            {
                throw new InvalidInputException($"{path}: {length} bytes, expected at most {FileLengthMax}");
            }

            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{path}: cannot be read: {exception.Message}", exception);
        }

        try
        {
            return Decode(content);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a picture from memory.</summary>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidInputException">The content is damaged, too large, or of another format.</exception>
    public static Pixmap Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => PngReader.Decode(content),
        [(byte)'P', (byte)'2' or (byte)'5', ..] => PgmReader.Decode(content),
        [0xFF, 0xD8, ..] => throw new InvalidInputException("is a JPEG picture, expected PNG or PGM"),
        [] => throw new InvalidInputException("is empty, expected a PNG or PGM picture"),
        _ => throw new InvalidInputException("is not a picture that can be read, expected PNG or PGM"),
    };
}
