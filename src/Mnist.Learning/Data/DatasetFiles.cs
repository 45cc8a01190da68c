namespace Mnist.Learning.Data;

/// <summary>The four files of a data set in IDX form, found in a folder.</summary>
/// <param name="TrainingImages">Path of the training images.</param>
/// <param name="TrainingLabels">Path of the training labels.</param>
/// <param name="TestImages">Path of the test images.</param>
/// <param name="TestLabels">Path of the test labels.</param>
/// <param name="IsTransposed">EMNIST's files hold every image column by column.</param>
public sealed record DatasetFiles(string TrainingImages, string TrainingLabels, string TestImages, string TestLabels, bool IsTransposed)
{
    // The names of MNIST and Fashion-MNIST, and of the two parts of EMNIST that hold ten digits.
    private static readonly string[] Prefixes = ["", "emnist-digits-", "emnist-mnist-"];
    private static readonly string[] TrainSplit = ["train"];
    private static readonly string[] TestSplits = ["t10k", "test"];
    private static readonly string[] Separators = ["-", "."];
    private static readonly string[] Extensions = ["", ".gz"];

    /// <summary>
    /// Finds the files by their usual names: <c>train-images-idx3-ubyte</c> or <c>train-images.idx3-ubyte</c>, <c>t10k-…</c> or
    /// <c>test-…</c>, with EMNIST's prefixes or none, each plain or with <c>.gz</c>.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <exception cref="InvalidInputException">There is no such folder, or a file is missing from it.</exception>
    public static DatasetFiles Find(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new InvalidInputException($"{directory}: no such folder, expected one that holds the four IDX files of a data set");
        }

        var prefix = Prefixes.FirstOrDefault(candidate => FindFile(directory, candidate, TrainSplit, "images", 3) is not null) ?? "";
        return new DatasetFiles(
            Require(directory, prefix, TrainSplit, "images", 3),
            Require(directory, prefix, TrainSplit, "labels", 1),
            Require(directory, prefix, TestSplits, "images", 3),
            Require(directory, prefix, TestSplits, "labels", 1),
            IsTransposed: prefix.Length > 0);
    }

    /// <summary>Whether a folder holds all four files.</summary>
    /// <param name="directory">The folder; need not exist.</param>
    public static bool AreIn(string directory) => Prefixes.Any(prefix =>
        FindFile(directory, prefix, TrainSplit, "images", 3) is not null
        && FindFile(directory, prefix, TrainSplit, "labels", 1) is not null
        && FindFile(directory, prefix, TestSplits, "images", 3) is not null
        && FindFile(directory, prefix, TestSplits, "labels", 1) is not null);

    private static string Require(string directory, string prefix, string[] splits, string kind, int dimensions) =>
        FindFile(directory, prefix, splits, kind, dimensions)
        ?? throw new InvalidInputException($"{directory}: holds no {prefix}{splits[0]}-{kind}-idx{dimensions}-ubyte, plain or .gz");

    private static string? FindFile(string directory, string prefix, string[] splits, string kind, int dimensions)
    {
        var names =
            from name in splits
            from separator in Separators
            from extension in Extensions
            select Path.Combine(directory, $"{prefix}{name}-{kind}{separator}idx{dimensions}-ubyte{extension}");
        return names.FirstOrDefault(File.Exists);
    }
}
