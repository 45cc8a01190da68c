using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class LeasePolicyTests
{
    public static TheoryData<int> ShardCounts => [1, 2, 4, 8, 16, 32, 64];

    [Theory]
    [MemberData(nameof(ShardCounts))]
    public void Equally_fast_workers_get_equal_contiguous_shares(int shards)
    {
        for (var workers = 1; workers <= shards + 6; workers++)
        {
            var table = LeasePolicy.Divide(shards, [.. Enumerable.Range(0, workers).Select(worker => new LeaseCandidate(3 * worker, 100))]);

            var shares = Shares(table);
            Assert.Equal(shards, shares.Sum(share => share.Count));
            Assert.All(shares, share => Assert.InRange(share.Count, shards / workers, ((shards - 1) / workers) + 1));
            Assert.Equal(Math.Min(shards, workers), shares.Count);
            Assert.All(shares, share => Assert.True(share.Worker % 3 == 0 && share.Worker < 3 * workers));
        }
    }

    [Theory]
    [MemberData(nameof(ShardCounts))]
    public void Shares_follow_speeds_to_one_shard_and_nobody_goes_without(int shards)
    {
        var random = new Random(shards);
        for (var trial = 0; trial < 500; trial++)
        {
            var candidates = RandomCandidates(random, random.Next(1, 2 * shards + 2));
            var fastest = candidates.Min(candidate => candidate.MicrosecondsPerSlice);
            if (candidates.All(candidate => candidate.MicrosecondsPerSlice < LeasePolicy.SlowRatio * fastest))
            {
                continue;
            }

            var shares = Shares(LeasePolicy.Divide(shards, candidates)).ToDictionary(share => share.Worker, share => share.Count);

            var speeds = candidates.ToDictionary(candidate => candidate.Worker, candidate => fastest / candidate.MicrosecondsPerSlice);
            Assert.Equal(shards, shares.Values.Sum());
            var least = shards >= candidates.Length ? 1 : 0;
            Assert.All(candidates, candidate => Assert.True(shares.GetValueOrDefault(candidate.Worker) >= least));

            Assert.All(speeds, pair =>
            {
                // Where the slowest is not lifted to the least, shares are proportional; otherwise the others give it up together.
                var fair = shards * pair.Value / speeds.Values.Sum();
                var isAnyLifted = speeds.Values.Min() * shards / speeds.Values.Sum() < least;
                Assert.InRange(shares.GetValueOrDefault(pair.Key), isAnyLifted ? least : fair - 1 - 1e-9, Math.Max(least, fair + 1 + 1e-9));
                Assert.All(speeds.Where(other => other.Value >= pair.Value), other => Assert.True(
                    shares.GetValueOrDefault(other.Key) >= shares.GetValueOrDefault(pair.Key) - 1));
            });
        }
    }

    [Fact]
    public void A_very_slow_worker_keeps_one_shard_and_the_others_share_the_rest() => Assert.Equal(
        [0, 0, 0, 0, 1, 2, 2, 2],
        LeasePolicy.Divide(8, [new(0, 100), new(1, 100_000), new(2, 130)]).ToOwners());

    [Fact]
    public void Without_workers_nobody_leases_anything() =>
        Assert.Equal(LeaseTable.Empty(8).ToOwners(), LeasePolicy.Divide(8, []).ToOwners());

    [Fact]
    public void The_order_in_which_workers_are_named_makes_no_difference()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 200; trial++)
        {
            var candidates = RandomCandidates(random, random.Next(1, 12));
            var shuffled = candidates.ToArray();
            random.Shuffle(shuffled);

            Assert.Equal(LeasePolicy.Divide(16, candidates).ToOwners(), LeasePolicy.Divide(16, shuffled).ToOwners());
        }
    }

    [Fact]
    public void Speeds_that_differ_little_move_no_lease()
    {
        var random = new Random(2);
        var even = LeasePolicy.Divide(16, [.. Enumerable.Range(0, 5).Select(worker => new LeaseCandidate(worker, 0))]);
        for (var trial = 0; trial < 200; trial++)
        {
            var noisy = Enumerable.Range(0, 5).Select(worker => new LeaseCandidate(worker, 100 * (1 + (0.79 * random.NextDouble()))));

            Assert.Equal(0, even.Moves(LeasePolicy.Divide(16, [.. noisy])));
        }
    }

    [Fact]
    public void A_worker_counts_as_slow_from_the_stated_ratio_on()
    {
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1], LeasePolicy.Divide(8, [new(0, 100), new(1, 179)]).ToOwners());
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1], LeasePolicy.Divide(8, [new(0, 100), new(1, 180)]).ToOwners());
    }

    [Fact]
    public void A_worker_of_unknown_speed_counts_as_the_fastest() =>
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 2], LeasePolicy.Divide(8, [new(0, 100), new(1, 200), new(2, 0)]).ToOwners());

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    public void Every_shard_has_an_owner_whatever_speeds_are_claimed(double claimed)
    {
        for (var liar = 0; liar < 3; liar++)
        {
            var candidates = Enumerable.Range(0, 3).Select(worker => new LeaseCandidate(worker, worker == liar ? claimed : 50));
            var table = LeasePolicy.Divide(8, [.. candidates]);

            Assert.All(table.ToOwners(), owner => Assert.InRange(owner, 0, 2));
        }
    }

    private static LeaseCandidate[] RandomCandidates(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(worker => new LeaseCandidate(worker, Math.Exp(6 * random.NextDouble())))];

    /// <summary>Runs of shards with one owner, each of whom may occur once.</summary>
    private static List<(int Worker, int Count)> Shares(LeaseTable table)
    {
        var shares = new List<(int Worker, int Count)>();
        foreach (var owner in table.ToOwners())
        {
            if (shares.Count > 0 && shares[^1].Worker == owner)
            {
                shares[^1] = (owner, shares[^1].Count + 1);
            }
            else
            {
                Assert.True(
                    shares.Count == 0 || shares[^1].Worker < owner, $"owners are not in order: {string.Join(' ', table.ToOwners())}");
                shares.Add((owner, 1));
            }
        }

        return shares;
    }
}
