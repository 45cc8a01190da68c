using System.Net;
using Mnist.Clustering.Placement;
using Orleans.Runtime;

namespace Mnist.Cluster.Tests.Settings;

public sealed class RunPlacementTests
{
    private static readonly SiloAddress[] Silos =
        [.. Enumerable.Range(1, 4).Select(host => SiloAddress.New(IPAddress.Parse($"10.0.0.{host}"), 11111, 7))];

    [Fact]
    public void All_silos_agree_on_a_place_in_whatever_order_they_know_each_other()
    {
        for (var run = 0; run < 50; run++)
        {
            var place = RunPlacementDirector.Place($"run-{run}", 0, Silos);
            Assert.Equal(place, RunPlacementDirector.Place($"run-{run}", 0, [.. Silos.Reverse()]));
        }
    }

    [Fact]
    public void Partitions_are_spread_evenly()
    {
        var counts = Enumerable.Range(0, 8).CountBy(partition => RunPlacementDirector.Place("run", partition, Silos));

        Assert.Equal([2, 2, 2, 2], counts.Select(count => count.Value));
    }

    [Fact]
    public void Runs_are_spread_over_the_silos()
    {
        var counts = Enumerable.Range(0, 400).CountBy(run => RunPlacementDirector.Place($"run-{run}", 0, Silos));

        Assert.Equal(Silos.Length, counts.Count());
        Assert.All(counts, count => Assert.InRange(count.Value, 60, 140));
    }

    [Fact]
    public void A_silo_that_is_gone_moves_its_own_runs_only()
    {
        for (var run = 0; run < 50; run++)
        {
            var before = RunPlacementDirector.Place($"run-{run}", 0, Silos);
            var after = RunPlacementDirector.Place($"run-{run}", 0, Silos[1..]);
            Assert.True(after == before || before == Silos[0]);
        }
    }
}
