using Microsoft.Extensions.Configuration;
using Mnist.Clustering;
using Mnist.Learning;

namespace Mnist.Cluster.Tests.Settings;

public sealed class ClusterSettingsTests
{
    [Fact]
    public void A_silo_that_is_told_nothing_is_alone_on_this_machine()
    {
        var configuration = Configure();

        var settings = ClusterSettings.ReadForSilo(configuration);

        Assert.Equal(("Development", null), (settings.Provider, settings.Primary));
        Assert.Equal(TimeSpan.FromSeconds(3), settings.DeadAfter);
        Assert.Equal(Environment.ProcessorCount, settings.WorkersPerSilo);
        Assert.Equal("127.0.0.1", configuration["Orleans:Endpoints:AdvertisedIPAddress"]);
        Assert.Equal("Folder", configuration["Orleans:GrainStorage:checkpoints:ProviderType"]);
        Assert.Equal(Path.GetFullPath("state"), configuration["Orleans:GrainStorage:runs:Directory"]);
    }

    [Fact]
    public void A_connection_that_Aspire_names_is_found_and_used_for_state_as_well()
    {
        SkipWithoutRedis();
        var configuration = Configure(
            ("Orleans:Clustering:ProviderType", "Redis"),
            ("Orleans:Clustering:ServiceKey", "redis"),
            ("ConnectionStrings:redis", "host:6379"));

        ClusterSettings.ReadForSilo(configuration);

        Assert.Equal("host:6379", configuration["Orleans:Clustering:ConnectionString"]);
        Assert.Equal("Redis", configuration["Orleans:GrainStorage:runs:ProviderType"]);
        Assert.Equal("host:6379", configuration["Orleans:GrainStorage:checkpoints:ConnectionString"]);
    }

    [Fact]
    public void Checkpoints_go_to_a_folder_where_one_is_given()
    {
        SkipWithoutRedis();
        var configuration = Configure(
            ("Orleans:Clustering:ProviderType", "redis"),
            ("Orleans:Clustering:ConnectionString", "host:6379"),
            ("Training:StateDirectory", "shared"));

        ClusterSettings.ReadForSilo(configuration);

        Assert.Equal("Redis", configuration["Orleans:GrainStorage:runs:ProviderType"]);
        Assert.Equal(Path.GetFullPath("shared"), configuration["Orleans:GrainStorage:checkpoints:Directory"]);
    }

    [Theory]
    [InlineData("Cluster:DeadAfterSeconds", "soon", "Cluster:DeadAfterSeconds is 'soon', expected 1 to 600 seconds")]
    [InlineData("Cluster:GraceSeconds", "0", "Cluster:GraceSeconds is '0', expected 1 to 3600 seconds")]
    [InlineData("Training:WorkersPerSilo", "-1", "Training:WorkersPerSilo is '-1', expected a whole number from 0 to 1024")]
    [InlineData(
        "Orleans:Endpoints:SiloPort", "99999", "Orleans:Endpoints:SiloPort is '99999', expected a whole number from 1 to 65535")]
    [InlineData(
        "Orleans:Endpoints:AdvertisedIPAddress", "here", "Orleans:Endpoints:AdvertisedIPAddress is 'here', expected an IP address")]
    [InlineData(
        "Orleans:Clustering:PrimarySiloEndPoint", "here", "Orleans:Clustering:PrimarySiloEndPoint is 'here', expected IP:PORT")]
    public void A_value_that_is_not_usable_is_named(string key, string value, string message)
    {
        var exception = Assert.Throws<InvalidInputException>(() => ClusterSettings.ReadForSilo(Configure((key, value))));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void An_unknown_provider_is_refused_with_those_that_this_build_has()
    {
        var exception = Assert.Throws<InvalidInputException>(
            () => ClusterSettings.ReadForSilo(Configure(("Orleans:Clustering:ProviderType", "Zoo"))));

        Assert.StartsWith(
            "Orleans:Clustering:ProviderType is 'Zoo', expected one of Development", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_connection_is_named()
    {
        SkipWithoutRedis();
        var missing = Assert.Throws<InvalidInputException>(
            () => ClusterSettings.ReadForSilo(Configure(("Orleans:Clustering:ProviderType", "Redis"))));
        var dangling = Assert.Throws<InvalidInputException>(() => ClusterSettings.ReadForSilo(
            Configure(("Orleans:Clustering:ProviderType", "Redis"), ("Orleans:Clustering:ServiceKey", "cache"))));

        Assert.Equal("Orleans:Clustering:ConnectionString is missing, expected how to connect to Redis", missing.Message);
        Assert.Equal("ConnectionStrings:cache is missing, but Orleans:Clustering refers to it", dangling.Message);
    }

    [Fact]
    public void A_coordinator_that_holds_the_membership_has_to_know_where()
    {
        var exception = Assert.Throws<InvalidInputException>(() => ClusterSettings.ReadForCoordinator(Configure()));

        Assert.StartsWith("Orleans:Clustering:PrimarySiloEndPoint is missing, ", exception.Message, StringComparison.Ordinal);
    }

    private static void SkipWithoutRedis() =>
        Assert.SkipUnless(ClusterProviders.Optional.Contains("Redis"), "Microsoft.Orleans.Clustering.Redis could not be restored");

    private static ConfigurationManager Configure(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value)));
        return configuration;
    }
}
