namespace Mnist.Learning.Training;

/// <summary>First word of every key of <see cref="KeyedRandom"/>: what the randomness is for.</summary>
internal static class RandomStream
{
    /// <summary>Initial weights; then the tensor's index in the layout.</summary>
    public const ulong Initialization = 1;

    /// <summary>Order of the samples; then epoch, shard.</summary>
    public const ulong Order = 2;

    /// <summary>Distortion of a sample; then epoch, sample.</summary>
    public const ulong Augmentation = 3;

    /// <summary>Dropout masks of a sample; then epoch, sample.</summary>
    public const ulong Dropout = 4;
}
