using Mnist.Grains.Protocol;
using Mnist.Learning.Models;

namespace Mnist.Grains.Tests.Protocol;

public sealed class PartitionRangeTests
{
    public static TheoryData<int> Lengths =>
        [3, 15, 16, 17, 31, 32, 33, 8_964, 29_436, 1_199_882, int.MaxValue, .. Enumerable.Range(34, 200)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Ranges_cover_the_vector_without_overlap_and_begin_at_cache_lines(int length)
    {
        var most = PartitionRange.MaximumPartitions(length);
        foreach (var partitions in Enumerable.Range(1, Math.Min(most, 70)).Append(most))
        {
            var next = 0;
            for (var partition = 0; partition < Math.Min(partitions, 1000); partition++)
            {
                var range = PartitionRange.Of(length, partition, partitions);
                Assert.Equal(next, range.Start);
                Assert.True(range.Length > 0, $"partition {partition} of {partitions} of {length} elements is empty");
                Assert.Equal(0, range.Start % 16);
                next += range.Length;
            }

            var last = PartitionRange.Of(length, partitions - 1, partitions);
            Assert.Equal(length, last.Start + last.Length);
        }
    }

    [Fact]
    public void Ranges_are_equal_to_a_cache_line()
    {
        var lengths = Enumerable.Range(0, 7).Select(partition => PartitionRange.Of(100_000, partition, 7).Length).ToArray();

        Assert.InRange(lengths.Max() - lengths.Min(), 0, 32);
    }

    [Fact]
    public void The_last_partition_holds_all_metrics()
    {
        for (var length = ModelLayout.MetricCount + 1; length < 500; length++)
        {
            var partitions = PartitionRange.MaximumPartitions(length);

            Assert.True(PartitionRange.Of(length, partitions - 1, partitions).Length >= ModelLayout.MetricCount);
        }
    }
}
