namespace Mnist.Learning.Data.Fetching;

/// <summary>How far a fetch has come.</summary>
/// <param name="Bytes">Uncompressed bytes received so far.</param>
/// <param name="Total">Uncompressed bytes of all four files.</param>
/// <param name="Source">Name of the origin that is being read.</param>
public readonly record struct FetchProgress(long Bytes, long Total, string Source);
