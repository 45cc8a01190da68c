using Mnist.Grains.Protocol;
using Mnist.Learning.Training;

namespace Mnist.Grains.Tests.Protocol;

public sealed class SubtreeSplitTests
{
    private const int Slices = 16;

    [Fact]
    public void Every_set_of_slices_is_covered_exactly_by_the_fewest_nodes_of_the_tree()
    {
        var tree = new ReductionTree(Slices, 1);
        for (var set = 0u; set < 1u << Slices; set++)
        {
            var slices = Enumerable.Range(0, Slices).Where(slice => (set >> slice & 1) != 0).ToArray();

            var nodes = SubtreeSplit.Of(slices);

            var isSplit = nodes.All(node => tree.IsNode(node.First, node.Count))
                && nodes.SelectMany(node => Enumerable.Range(node.First, node.Count)).SequenceEqual(slices)
                && nodes.Count == FewestNodes(set, 0, Slices);
            Assert.True(isSplit, $"slices {string.Join(' ', slices)} were cut into {string.Join(", ", nodes)}");
        }
    }

    [Fact]
    public void All_slices_are_one_node() => Assert.Equal([new Subtree(0, 64)], SubtreeSplit.Of([.. Enumerable.Range(0, 64)]));

    [Fact]
    public void A_run_across_the_middle_is_cut_there() =>
        Assert.Equal([new Subtree(31, 1), new Subtree(32, 32)], SubtreeSplit.Of([.. Enumerable.Range(31, 33)]));

    /// <summary>The fewest nodes, found from the root downwards.</summary>
    private static int FewestNodes(uint set, int first, int count)
    {
        var all = (uint)(((1UL << count) - 1) << first);
        return (set & all) == 0 ? 0
            : (set & all) == all ? 1
            : FewestNodes(set, first, count / 2) + FewestNodes(set, first + (count / 2), count / 2);
    }
}
