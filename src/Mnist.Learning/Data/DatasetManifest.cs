namespace Mnist.Learning.Data;

/// <summary>What the files of a data set must be, wherever they come from.</summary>
/// <param name="Files">The four files: training images, training labels, test images, test labels.</param>
/// <param name="Sha256"><see cref="Dataset.Sha256"/>: the hash of the four files, one after the other.</param>
public sealed record DatasetManifest(IReadOnlyList<ManifestFile> Files, string Sha256)
{
    /// <summary>The MNIST database of handwritten digits.</summary>
    public static DatasetManifest Mnist { get; } = new(
        [
            new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ],
        "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a");
}

/// <summary>A file of a data set, uncompressed.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal.</param>
public sealed record ManifestFile(string Name, int Length, string Sha256);
