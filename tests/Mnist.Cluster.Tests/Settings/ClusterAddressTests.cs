using Mnist.Clustering;
using Mnist.Learning;

namespace Mnist.Cluster.Tests.Settings;

public sealed class ClusterAddressTests
{
    [Fact]
    public void A_primary_is_Development_clustering()
    {
        var values = ClusterAddress.Parse("primary://127.0.0.1:11111", "--cluster");

        Assert.Equal("Development", values["Orleans:Clustering:ProviderType"]);
        Assert.Equal("127.0.0.1:11111", values["Orleans:Clustering:PrimarySiloEndPoint"]);
    }

    [Fact]
    public void Gateways_are_a_list()
    {
        var values = ClusterAddress.Parse("gateway://10.0.0.1:30000,10.0.0.2:30000", "--cluster");

        Assert.Equal("Static", values["Orleans:Clustering:ProviderType"]);
        Assert.Equal("10.0.0.2:30000", values["Orleans:Clustering:Gateways:1"]);
    }

    [Fact]
    public void The_configuration_stands_for_itself() => Assert.Empty(ClusterAddress.Parse("configuration", "--cluster"));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("primary://localhost:11111")]
    [InlineData("primary://127.0.0.1")]
    [InlineData("gateway://127.0.0.1:1,nowhere")]
    [InlineData("redis://")]
    public void What_is_no_address_is_refused(string address)
    {
        var exception = Assert.Throws<InvalidInputException>(() => ClusterAddress.Parse(address, "--cluster"));

        Assert.StartsWith($"--cluster is '{address}', expected primary://IP:PORT, ", exception.Message, StringComparison.Ordinal);
    }
}
