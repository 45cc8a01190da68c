namespace Mnist.Cluster.Tests.Faults;

/// <summary>Clusters in which nothing happens.</summary>
public sealed class UndisturbedTests : ClusterTest
{
    [Fact]
    public async Task A_coordinator_trains_through_the_gateway_of_a_silo()
    {
        var cluster = await StartAsync(Run, silos: 2, Clusters.Gateway);

        await ExpectSameBitsAsync(cluster, Run);
        Assert.Equal(0, cluster.RepeatedSteps);
    }
}
