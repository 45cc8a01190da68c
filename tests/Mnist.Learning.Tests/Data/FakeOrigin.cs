using Mnist.Learning.Data;
using Mnist.Learning.Data.Fetching;

namespace Mnist.Learning.Tests.Data;

/// <summary>An origin that gives what it is told to.</summary>
internal sealed class FakeOrigin(string name, Func<CancellationToken, Task<IReadOnlyList<byte[]>>> fetch) : IMnistOrigin
{
    public int Fetches { get; private set; }

    public string Name => name;

    public Task<IReadOnlyList<byte[]>> FetchAsync(
        IReadOnlyList<ManifestFile> files, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        Fetches++;
        return fetch(cancellationToken);
    }
}
