namespace Mnist.Grains.Protocol;

/// <summary>The rounds that a partition of the parameter server can serve: the one at hand and its stored checkpoints.</summary>
/// <param name="Current">The round being served.</param>
/// <param name="Checkpoints">Rounds of its stored checkpoints.</param>
public sealed record PartitionPosition(long Current, IReadOnlyList<long> Checkpoints);

/// <summary>Where partitions that lost step with each other meet again.</summary>
public static class RealignmentPolicy
{
    /// <summary>
    /// The newest round that every partition can serve, from memory or from a checkpoint. Round 0 is always possible,
    /// since the initial weights are a function of the specification. Partitions write checkpoints of the same rounds and
    /// keep the last two, so that the newest is common unless a crash fell between the writes; then the one before is.
    /// </summary>
    /// <param name="partitions">Positions of all partitions.</param>
    public static long CommonRound(IReadOnlyList<PartitionPosition> partitions)
    {
        var candidates = partitions[0].Checkpoints.Append(partitions[0].Current).Append(0);
        return candidates
            .Where(round => round == 0 || partitions.All(partition => partition.Current == round || partition.Checkpoints.Contains(round)))
            .Max();
    }
}
