using Mnist.Coordinator.Output;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Data.Fetching;

namespace Mnist.Coordinator.CommandLine;

/// <summary>Gets the data set that a command works on, and shows what it fetches.</summary>
internal static class DatasetLoader
{
    /// <summary>Loads the data set in a folder, or MNIST from the user's cache, fetched if need be.</summary>
    /// <param name="directory">The folder; null for MNIST.</param>
    /// <param name="mode">How to show a fetch.</param>
    /// <param name="cancellationToken">Stops a fetch.</param>
    /// <exception cref="InvalidInputException">There is no usable data set.</exception>
    public static async Task<Dataset> LoadAsync(string? directory, OutputMode mode, CancellationToken cancellationToken)
    {
        if (directory is not null)
        {
            return DatasetReader.Load(directory);
        }

        if (!DatasetFiles.AreIn(CacheFolder.ForUser()))
        {
            await FetchAsync(force: false, mode, cancellationToken);
        }

        // Without origins, hence without a client for requests: the files are there.
        return await new MnistSource(CacheFolder.ForUser(), []).LoadAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Fills the user's cache with MNIST.</summary>
    /// <param name="force">Fetches even if the files are there.</param>
    /// <param name="mode">How to show the fetch.</param>
    /// <param name="cancellationToken">Stops the fetch.</param>
    /// <returns>Whether anything was fetched.</returns>
    /// <exception cref="InvalidInputException">No origin has the files, or the cache cannot be written.</exception>
    public static async Task<bool> FetchAsync(bool force, OutputMode mode, CancellationToken cancellationToken)
    {
        using var client = HttpMirror.CreateClient();
        var source = MnistSource.CreateDefault(client);
        return await FetchDisplay.ShowAsync(mode, progress => source.FetchAsync(force, progress, cancellationToken));
    }
}
