using Mnist.Learning.Training;

namespace Mnist.Learning.Tests.Training;

public class ReductionTreeTests
{
    private const int Length = 37;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(1024)]
    public void Any_order_and_any_combination_beforehand_gives_the_bits_of_the_tree(int slices)
    {
        var parts = Enumerable.Range(0, slices).Select(slice => TestData.Floats(Length, (ulong)slice)).ToArray();
        var expected = Bits(Combine(parts, 0, slices));
        var tree = new ReductionTree(slices, Length);
        var random = new KeyedRandom(KeyedRandom.Key(11));
        for (var trial = 0; trial < (slices > 64 ? 20 : 300); trial++)
        {
            tree.Reset();
            foreach (var (first, count) in Shuffled(RandomNodes(0, slices, ref random), ref random))
            {
                Assert.Equal(OfferResult.Accepted, tree.Offer(first, count, Combine(parts, first, count)));
            }

            Assert.True(tree.IsComplete);
            Assert.Equal(expected, Bits(tree.Result));
        }
    }

    [Fact]
    public void The_order_of_arrival_would_show_in_a_running_sum()
    {
        // Guards the test above: with these numbers another tree gives other bits.
        var parts = Enumerable.Range(0, 8).Select(slice => TestData.Floats(Length, (ulong)slice)).ToArray();
        var running = parts.Aggregate((sum, part) => [.. sum.Zip(part, (x, y) => x + y)]);

        Assert.NotEqual(Bits(Combine(parts, 0, 8)), Bits(running));
    }

    [Fact]
    public void What_is_there_already_is_refused_and_changes_nothing()
    {
        var parts = Enumerable.Range(0, 8).Select(slice => TestData.Floats(Length, (ulong)slice)).ToArray();
        var tree = new ReductionTree(8, Length);
        var wrong = new float[Length];
        wrong.AsSpan().Fill(1_000);

        Assert.Equal(OfferResult.Accepted, tree.Offer(1, 1, parts[1]));
        Assert.Equal(OfferResult.Accepted, tree.Offer(4, 4, Combine(parts, 4, 4)));
        Assert.Equal(OfferResult.Duplicate, tree.Offer(1, 1, wrong));
        Assert.Equal(OfferResult.Duplicate, tree.Offer(4, 4, wrong));
        Assert.Equal(OfferResult.Duplicate, tree.Offer(6, 2, wrong));
        Assert.Equal(OfferResult.Overlap, tree.Offer(0, 2, wrong));
        Assert.Equal(OfferResult.Overlap, tree.Offer(0, 8, wrong));
        Assert.Equal([1, 4, 5, 6, 7], Enumerable.Range(0, 8).Where(tree.IsPresent));
        Assert.Equal(3, tree.Missing);
        Assert.Throws<InvalidOperationException>(() => tree.Result.Length);
        Assert.Equal(OfferResult.Accepted, tree.Offer(0, 1, parts[0]));
        Assert.Equal(OfferResult.Accepted, tree.Offer(2, 2, Combine(parts, 2, 2)));

        Assert.Equal(Bits(Combine(parts, 0, 8)), Bits(tree.Result));
    }

    [Fact]
    public void What_is_there_already_is_refused_where_nodes_are_larger_than_a_word_of_bits()
    {
        var tree = new ReductionTree(256, 1);
        Assert.Equal(OfferResult.Accepted, tree.Offer(64, 64, [1]));
        Assert.Equal(OfferResult.Accepted, tree.Offer(130, 1, [2]));

        Assert.Equal(OfferResult.Duplicate, tree.Offer(64, 64, [9]));
        Assert.Equal(OfferResult.Duplicate, tree.Offer(96, 32, [9]));
        Assert.Equal(OfferResult.Overlap, tree.Offer(0, 128, [9]));
        Assert.Equal(OfferResult.Overlap, tree.Offer(128, 128, [9]));
        Assert.Equal(OfferResult.Overlap, tree.Offer(0, 256, [9]));
        Assert.Equal(191, tree.Missing);
        Assert.Equal([.. Enumerable.Range(64, 64), 130], Enumerable.Range(0, 256).Where(tree.IsPresent));
        tree.Reset();
        Assert.Equal(256, tree.Missing);
        Assert.Equal(OfferResult.Accepted, tree.Offer(0, 256, [3]));
        Assert.Equal(3, tree.Result[0]);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(8, 1)]
    [InlineData(-1, 1)]
    [InlineData(0, 16)]
    [InlineData(0, 0)]
    public void Slices_that_are_not_a_node_of_the_tree_are_refused(int first, int count)
    {
        var tree = new ReductionTree(8, Length);

        Assert.False(tree.IsNode(first, count));
        Assert.Throws<ArgumentException>(() => tree.Offer(first, count, new float[Length]));
    }

    [Fact]
    public void A_contribution_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ReductionTree(8, Length).Offer(0, 1, new float[Length + 1]));

    [Theory]
    [InlineData(8)]
    [InlineData(256)]
    public void Reducing_allocates_nothing(int slices)
    {
        var tree = new ReductionTree(slices, Length);
        var part = TestData.Floats(Length, 1);
        void Reduce()
        {
            tree.Reset();
            for (var slice = slices - 1; slice >= 0; slice--)
            {
                tree.Offer(slice, 1, part);
            }
        }

        Reduce();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Reduce();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>The definition: a node is the sum of its halves.</summary>
    private static float[] Combine(float[][] parts, int first, int count) => count == 1
        ? parts[first]
        : [.. Combine(parts, first, count / 2).Zip(Combine(parts, first + (count / 2), count / 2), (left, right) => left + right)];

    private static List<(int First, int Count)> RandomNodes(int first, int count, ref KeyedRandom random)
    {
        if (count == 1 || random.NextInt32(3) == 0)
        {
            return [(first, count)];
        }

        var left = RandomNodes(first, count / 2, ref random);
        return [.. left, .. RandomNodes(first + (count / 2), count / 2, ref random)];
    }

    private static List<T> Shuffled<T>(List<T> items, ref KeyedRandom random)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }

    private static int[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new int[values.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        }

        return bits;
    }
}
