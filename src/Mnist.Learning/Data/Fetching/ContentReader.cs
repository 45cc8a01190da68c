namespace Mnist.Learning.Data.Fetching;

/// <summary>Reads files whose lengths are known, and keeps count of the whole for progress.</summary>
/// <param name="source">Name of the origin.</param>
/// <param name="total">Bytes of all files.</param>
/// <param name="progress">Told after each read.</param>
/// <param name="stallTime">The longest time without a byte.</param>
internal sealed class ContentReader(string source, long total, IProgress<FetchProgress>? progress, TimeSpan stallTime)
{
    private const int ChunkLength = 1 << 17;
    private long _received;

    /// <summary>Reads a file to its end. Memory is bounded by the length expected, whatever the stream holds.</summary>
    /// <param name="stream">The uncompressed content.</param>
    /// <param name="file">The file expected.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="FetchException">The content is shorter or longer than expected, or stops coming.</exception>
    public async Task<byte[]> ReadAsync(Stream stream, ManifestFile file, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var content = GC.AllocateUninitializedArray<byte>(file.Length);
        var overflow = new byte[1];
        var length = 0;
        while (true)
        {
            stall.CancelAfter(stallTime);
            var target = length < content.Length ? content.AsMemory(length, Math.Min(ChunkLength, content.Length - length)) : overflow;
            var count = await ReadChunkAsync(stream, target, file, stall.Token, cancellationToken);
            if (count == 0)
            {
                return length == content.Length
                    ? content
                    : throw new FetchException($"{file.Name}: {length} bytes, expected {file.Length}");
            }

            length += count;
            if (length > content.Length)
            {
                throw new FetchException($"{file.Name}: more than the {file.Length} bytes expected");
            }

            _received += count;
            progress?.Report(new FetchProgress(_received, total, source));
        }
    }

    private async Task<int> ReadChunkAsync(
        Stream stream, Memory<byte> target, ManifestFile file, CancellationToken stall, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(target, stall);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FetchException($"{file.Name}: no data for {stallTime.TotalSeconds:0} s", exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            throw new FetchException($"{file.Name}: {exception.Message}", exception);
        }
    }
}
