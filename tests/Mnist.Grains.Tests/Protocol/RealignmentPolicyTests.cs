using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

public sealed class RealignmentPolicyTests
{
    [Fact]
    public void Partitions_in_step_stay_where_they_are() => Assert.Equal(9, Common(new(9, [5, 7]), new(9, [5, 7])));

    [Fact]
    public void A_partition_that_went_back_takes_the_others_to_its_checkpoint() => Assert.Equal(7, Common(new(9, [5, 7]), new(7, [5, 7])));

    [Fact]
    public void A_crash_between_the_writes_of_a_checkpoint_leads_to_the_one_before() =>
        Assert.Equal(5, Common(new(5, [3, 5]), new(9, [5, 7])));

    [Fact]
    public void Without_a_common_checkpoint_the_run_begins_again() => Assert.Equal(0, Common(new(9, [7]), new(4, [3]), new(9, [7])));

    [Fact]
    public void A_single_partition_stays_where_it_is() => Assert.Equal(4, Common(new PartitionPosition(4, [])));

    [Fact]
    public void The_round_is_the_newest_that_all_can_serve_whoever_is_asked_first()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 2000; trial++)
        {
            var partitions = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => new PartitionPosition(
                    random.Next(6), [.. Enumerable.Range(0, random.Next(3)).Select(_ => (long)random.Next(6))]))
                .ToArray();
            var expected = Enumerable.Range(0, 6).Last(round =>
                round == 0 || partitions.All(partition => partition.Current == round || partition.Checkpoints.Contains(round)));

            Assert.Equal(expected, RealignmentPolicy.CommonRound(partitions));
            Assert.Equal(expected, RealignmentPolicy.CommonRound([.. partitions.Reverse()]));
        }
    }

    private static long Common(params PartitionPosition[] partitions) => RealignmentPolicy.CommonRound(partitions);
}
