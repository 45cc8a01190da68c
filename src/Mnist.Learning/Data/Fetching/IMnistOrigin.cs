namespace Mnist.Learning.Data.Fetching;

/// <summary>A place that MNIST's files can be fetched from.</summary>
public interface IMnistOrigin
{
    /// <summary>Name for messages and progress, for example the host.</summary>
    string Name { get; }

    /// <summary>Fetches all the files.</summary>
    /// <param name="files">The files wanted.</param>
    /// <param name="progress">Told about the bytes received.</param>
    /// <param name="cancellationToken">Stops the fetch.</param>
    /// <returns>The uncompressed contents, in the order of <paramref name="files"/>; of the right length, hashes unchecked.</returns>
    /// <exception cref="FetchException">This origin cannot provide the files; another one may.</exception>
    Task<IReadOnlyList<byte[]>> FetchAsync(
        IReadOnlyList<ManifestFile> files, IProgress<FetchProgress>? progress, CancellationToken cancellationToken);
}
