using System.Security.Cryptography;
using Mnist.Learning.Data;
using Mnist.Learning.Tests.Files;

namespace Mnist.Learning.Tests.Data;

public sealed class DatasetReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData('-', "t10k", false)]
    [InlineData('.', "t10k", false)]
    [InlineData('-', "t10k", true)]
    [InlineData('.', "test", true)]
    public void The_four_files_are_found_under_their_usual_names(char separator, string test, bool gzip)
    {
        IdxBytes.WriteDataset(_folder.Path, "", test, separator, gzip);

        var dataset = DatasetReader.Load(_folder.Path);

        Assert.Equal(IdxBytes.Images(3)[16..], dataset.Training.Pixels.ToArray());
        Assert.Equal([1, 2, 3], dataset.Training.Labels.ToArray());
        Assert.Equal(IdxBytes.Images(2)[16..], dataset.Test.Pixels.ToArray());
        Assert.Equal([9, 0], dataset.Test.Labels.ToArray());
    }

    [Fact]
    public void The_identity_is_the_hash_of_the_four_uncompressed_files()
    {
        byte[] all = [.. IdxBytes.Images(3), .. IdxBytes.Labels(1, 2, 3), .. IdxBytes.Images(2), .. IdxBytes.Labels(9, 0)];
        IdxBytes.WriteDataset(_folder.Path, gzip: true);

        var dataset = DatasetReader.Load(_folder.Path);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(all)), dataset.Sha256);
        Assert.Equal(Path.GetFileName(_folder.Path), dataset.Name);
    }

    [Fact]
    public void Emnist_images_are_turned_upright()
    {
        IdxBytes.WriteDataset(_folder.Path, "emnist-digits-", "test", gzip: true);

        var dataset = DatasetReader.Load(_folder.Path);

        var stored = IdxBytes.Images(3).AsSpan(16 + 784, 784);
        Assert.Equal(stored[(5 * 28) + 3], dataset.Training.Image(1)[(3 * 28) + 5]);
        Assert.Equal(stored[(3 * 28) + 5], dataset.Training.Image(1)[(5 * 28) + 3]);
    }

    [Fact]
    public void Labels_that_do_not_match_the_images_are_refused()
    {
        IdxBytes.WriteDataset(_folder.Path);
        File.WriteAllBytes(_folder.File("train-labels-idx1-ubyte"), IdxBytes.Labels(1, 2));

        var error = Assert.Throws<InvalidInputException>(() => DatasetReader.Load(_folder.Path));

        Assert.Contains("train-labels-idx1-ubyte: 2 labels, expected 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        IdxBytes.WriteDataset(_folder.Path);
        File.Delete(_folder.File("t10k-labels-idx1-ubyte"));

        var error = Assert.Throws<InvalidInputException>(() => DatasetReader.Load(_folder.Path));

        Assert.Equal($"{_folder.Path}: holds no t10k-labels-idx1-ubyte, plain or .gz", error.Message);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Assert.Throws<InvalidInputException>(() => DatasetReader.Load(_folder.File("none")));

        Assert.StartsWith(_folder.File("none"), error.Message, StringComparison.Ordinal);
    }
}
