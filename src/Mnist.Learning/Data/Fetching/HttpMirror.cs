using System.IO.Compression;

namespace Mnist.Learning.Data.Fetching;

/// <summary>A web folder that holds MNIST's four files, each compressed with gzip.</summary>
/// <param name="folder">Address of the folder, ending in a slash.</param>
/// <param name="client">Sends the requests.</param>
public sealed class HttpMirror(Uri folder, HttpClient client) : IMnistOrigin
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ResponseTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(20);

    /// <summary>The public mirrors, in the order in which they are tried.</summary>
    public static IReadOnlyList<Uri> PublicFolders { get; } =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <inheritdoc/>
    public string Name => folder.Host;

    /// <summary>A client that finds out within seconds that a machine is offline.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { ConnectTimeout = ConnectTime }) { Timeout = ResponseTime };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]>> FetchAsync(
        IReadOnlyList<ManifestFile> files, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var reader = new ContentReader(Name, files.Sum(file => (long)file.Length), progress, StallTime);
        var contents = new List<byte[]>();
        foreach (var file in files)
        {
            contents.Add(await FetchFileAsync(file, reader, cancellationToken));
        }

        return contents;
    }

    private async Task<byte[]> FetchFileAsync(ManifestFile file, ContentReader reader, CancellationToken cancellationToken)
    {
        var address = new Uri(folder, $"{file.Name}.gz");
        try
        {
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new FetchException($"{file.Name}.gz: status {(int)response.StatusCode}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await using var gzip = new GZipStream(body, CompressionMode.Decompress);
            return await reader.ReadAsync(gzip, file, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException("no answer in time", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new FetchException(exception.Message, exception);
        }
    }
}
