using System.Collections.Immutable;

namespace Mnist.Grains.Protocol;

/// <summary>
/// Who trains on which shard. A lease is a hint about who should compute, never about who may: any contribution to the
/// current round is valid. The table is immutable.
/// </summary>
public sealed class LeaseTable
{
    /// <summary>Marks a shard that nobody leases.</summary>
    public const int Nobody = -1;

    private readonly ImmutableArray<int> _owners;

    private LeaseTable(ImmutableArray<int> owners) => _owners = owners;

    /// <summary>Number of shards, which is the number of slices of a round.</summary>
    public int Shards => _owners.Length;

    /// <summary>Owner of a shard, or <see cref="Nobody"/>.</summary>
    /// <param name="shard">Index of the shard.</param>
    public int this[int shard] => _owners[shard];

    /// <summary>A table in which nobody leases anything.</summary>
    /// <param name="shards">Number of shards.</param>
    public static LeaseTable Empty(int shards) => new([.. Enumerable.Repeat(Nobody, shards)]);

    /// <summary>A table with the given owners.</summary>
    /// <param name="owners">Owner of each shard, or <see cref="Nobody"/>.</param>
    public static LeaseTable FromOwners(ReadOnlySpan<int> owners) => new([.. owners]);

    /// <summary>Owner of each shard, as a fresh array.</summary>
    public int[] ToOwners() => [.. _owners];

    /// <summary>Number of shards whose owner is another one in a second table.</summary>
    /// <param name="other">A table over as many shards.</param>
    public int Moves(LeaseTable other)
    {
        var moves = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            moves += _owners[shard] == other._owners[shard] ? 0 : 1;
        }

        return moves;
    }
}
