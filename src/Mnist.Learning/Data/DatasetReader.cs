using System.Security.Cryptography;

namespace Mnist.Learning.Data;

/// <summary>Reads a data set from a folder of IDX files.</summary>
public static class DatasetReader
{
    /// <summary>Reads, checks and identifies the data set in a folder; the four files are decompressed in parallel.</summary>
    /// <param name="directory">A folder with the files that <see cref="DatasetFiles.Find"/> names.</param>
    /// <exception cref="InvalidInputException">A file is missing, damaged or not what it should be; the message names it.</exception>
    public static Dataset Load(string directory)
    {
        var files = DatasetFiles.Find(directory);
        var trainingImages = Task.Run(() => IdxFile.ReadImages(files.TrainingImages));
        var testImages = Task.Run(() => IdxFile.ReadImages(files.TestImages));
        var trainingLabels = IdxFile.ReadLabels(files.TrainingLabels);
        var testLabels = IdxFile.ReadLabels(files.TestLabels);
        var contents = new[]
        {
            trainingImages.GetAwaiter().GetResult(), trainingLabels, testImages.GetAwaiter().GetResult(), testLabels,
        };

        var sha256 = Identity(contents);
        var folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return new Dataset(
            sha256 == DatasetManifest.Mnist.Sha256 ? "mnist" : folder,
            Pair(contents[0], contents[1], files.TrainingImages, files.TrainingLabels, files.IsTransposed),
            Pair(contents[2], contents[3], files.TestImages, files.TestLabels, files.IsTransposed),
            sha256);
    }

    private static string Identity(byte[][] contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var content in contents)
        {
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ImageSet Pair(byte[] images, byte[] labels, string imagesPath, string labelsPath, bool isTransposed)
    {
        var pixels = images.AsMemory(IdxFile.ImageHeaderLength);
        var classes = labels.AsMemory(IdxFile.LabelHeaderLength);
        var imageCount = pixels.Length / ImageSet.PixelsPerImage;
        if (imageCount != classes.Length)
        {
            throw new InvalidInputException(
                $"{labelsPath}: {classes.Length} labels, expected {imageCount}, the number of images in {Path.GetFileName(imagesPath)}");
        }

        if (isTransposed)
        {
            Transpose(pixels.Span);
        }

        return new ImageSet(pixels, classes);
    }

    /// <summary>Turns images that are stored column by column upright, in place.</summary>
    /// <param name="pixels">(count, 28, 28).</param>
    private static void Transpose(Span<byte> pixels)
    {
        for (var start = 0; start < pixels.Length; start += ImageSet.PixelsPerImage)
        {
            var image = pixels.Slice(start, ImageSet.PixelsPerImage);
            for (var y = 0; y < ImageSet.Side; y++)
            {
                for (var x = 0; x < y; x++)
                {
                    var (here, there) = ((y * ImageSet.Side) + x, (x * ImageSet.Side) + y);
                    (image[here], image[there]) = (image[there], image[here]);
                }
            }
        }
    }
}
