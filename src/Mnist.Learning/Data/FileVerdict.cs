namespace Mnist.Learning.Data;

/// <summary>How a file compares with what it should be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sha256">SHA-256 of its uncompressed content.</param>
/// <param name="ExpectedSha256">SHA-256 of the file expected.</param>
public sealed record FileVerdict(string Path, string Sha256, string ExpectedSha256)
{
    /// <summary>Whether the two are equal.</summary>
    public bool IsAsExpected => Sha256 == ExpectedSha256;
}
