using Mnist.Learning.Data;

namespace Mnist.Coordinator.Output;

/// <summary>MNIST is in the cache.</summary>
/// <param name="Folder">The cache.</param>
/// <param name="IsFetched">False where it was there already.</param>
internal sealed record FetchedEvent(string Folder, bool IsFetched) : OutputEvent("fetched");

/// <summary>How a file compares with MNIST's.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">SHA-256 of its uncompressed content.</param>
/// <param name="ExpectedSha256">SHA-256 of MNIST's file.</param>
/// <param name="IsMnist">Whether they are equal.</param>
internal sealed record FileEvent(string Path, string Sha256, string ExpectedSha256, bool IsMnist) : OutputEvent("file")
{
    /// <summary>Makes the event of a verdict.</summary>
    public static FileEvent From(FileVerdict verdict) => new(verdict.Path, verdict.Sha256, verdict.ExpectedSha256, verdict.IsAsExpected);
}
