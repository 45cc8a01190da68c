namespace Mnist.Grains.Protocol;

/// <summary>The part of the contribution vector that a parameter-server partition holds.</summary>
/// <param name="Start">First element.</param>
/// <param name="Length">Number of elements.</param>
public readonly record struct PartitionRange(int Start, int Length)
{
    /// <summary>Elements of a cache line of 64 bytes: ranges begin at multiples of it.</summary>
    private const int Alignment = 16;

    /// <summary>The most partitions that a vector can be split into.</summary>
    /// <param name="length">Length of the contribution vector.</param>
    public static int MaximumPartitions(int length) => Math.Max(1, length / Alignment);

    /// <summary>The range of a partition. All ranges together cover the vector, without overlap.</summary>
    /// <param name="length">Length of the contribution vector.</param>
    /// <param name="partition">Index of the partition.</param>
    /// <param name="partitions">Number of partitions, at most <see cref="MaximumPartitions"/>.</param>
    public static PartitionRange Of(int length, int partition, int partitions)
    {
        var start = Boundary(length, partition, partitions);
        var end = partition == partitions - 1 ? length : Boundary(length, partition + 1, partitions);
        return new PartitionRange(start, end - start);
    }

    private static int Boundary(int length, int partition, int partitions) =>
        (int)((long)length * partition / partitions / Alignment * Alignment);
}
