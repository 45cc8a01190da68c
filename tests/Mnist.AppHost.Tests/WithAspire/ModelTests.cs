using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mnist.AppHost.Tests;

/// <summary>The resources and what they have to do with each other. Nothing is started.</summary>
public sealed class ModelTests
{
    private const string Connection = "--ConnectionStrings:redis=127.0.0.1:6379";

    [Theory]
    [InlineData("Connection")]
    [InlineData("Container")]
    public async Task Silos_wait_for_Redis_and_the_coordinator_for_silos(string clustering)
    {
        await using var builder = await CreateAsync($"--Parameters:clustering={clustering}", Connection);

        var (redis, silo, coordinator) = (Find(builder, "redis"), Find(builder, "silo"), Find(builder, "coordinator"));

        Assert.Equal([redis.Name], AwaitedBy(silo));
        Assert.Equal([silo.Name], AwaitedBy(coordinator));
        Assert.Equal("Redis", (await EnvironmentOf(silo))["Orleans__Clustering__ProviderType"]);
        Assert.Equal("Redis", (await EnvironmentOf(coordinator))["Orleans__Clustering__ProviderType"]);
        Assert.Contains("ConnectionStrings__redis", await EnvironmentOf(coordinator));
        Assert.Contains("configuration", await ArgumentsOf(coordinator));
    }

    [Fact]
    public async Task Without_Redis_the_coordinator_holds_the_membership_and_silos_wait_for_it()
    {
        await using var builder = await CreateAsync("--Parameters:clustering=development");

        var (silo, coordinator) = (Find(builder, "silo"), Find(builder, "coordinator"));
        var environment = await EnvironmentOf(silo);

        Assert.Equal([coordinator.Name], AwaitedBy(silo));
        Assert.Empty(AwaitedBy(coordinator));
        Assert.Equal("Development", environment["Orleans__Clustering__ProviderType"]);
        Assert.Contains($"primary://{environment["Orleans__Clustering__PrimarySiloEndPoint"]}", await ArgumentsOf(coordinator));
        Assert.DoesNotContain(builder.Resources, resource => resource.Name == "redis");
    }

    [Fact]
    public async Task A_redis_server_without_a_container_is_waited_for_too()
    {
        Assert.SkipWhen(ClusteringChoice.FindProgram(RedisResources.Server) is null, "there is no redis-server on the PATH");
        await using var builder = await CreateAsync("--Parameters:clustering=executable");

        Assert.Equal(["redis"], AwaitedBy(Find(builder, "silo")));
        Assert.Equal([RedisResources.Server], AwaitedBy(Find(builder, "redis")));
        Assert.Contains(Find(builder, RedisResources.Server).Annotations, annotation => annotation is HealthCheckAnnotation);
    }

    [Fact]
    public async Task Parameters_say_how_many_silos_there_are_and_what_is_trained_on_which_data()
    {
        await using var builder = await CreateAsync(
            "--Parameters:silos=5", "--Parameters:recipe=wide", "--Parameters:data=images", "--Parameters:clustering=development");

        var silo = Find(builder, "silo");
        var recipe = Assert.IsType<ParameterResource>(Find(builder, "recipe"));

        Assert.Equal(5, Assert.Single(silo.Annotations.OfType<ReplicaAnnotation>()).Replicas);
        Assert.Equal("wide", await recipe.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Path.GetFullPath("images"), (await EnvironmentOf(silo))["Training__Data"]);
        Assert.Contains(Path.GetFullPath("images"), await ArgumentsOf(Find(builder, "coordinator")));
    }

    [Fact]
    public async Task Resources_have_commands_health_checks_and_links_to_both_dashboards()
    {
        await using var builder = await CreateAsync("--Parameters:clustering=development");

        var (silo, coordinator) = (Find(builder, "silo"), Find(builder, "coordinator"));

        Assert.Superset(new HashSet<string> { SiloCommands.Drain, SiloCommands.Kill }, CommandsOf(silo));
        Assert.Superset(new HashSet<string> { RunCommands.StartRun }, CommandsOf(coordinator));
        Assert.All([silo, coordinator], resource =>
        {
            Assert.Single(resource.Annotations.OfType<HealthCheckAnnotation>());
            Assert.Single(resource.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == "http");
            Assert.NotEmpty(resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>());
        });
    }

    [Fact]
    public async Task Faults_can_be_injected_by_the_coordinator_and_are_let_in_by_silos()
    {
        await using var builder = await CreateAsync("--Parameters:clustering=development");

        Assert.Contains("--enable-faults", await ArgumentsOf(Find(builder, "coordinator")));
        Assert.Equal("true", (await EnvironmentOf(Find(builder, "silo")))["Faults__Enabled"]);
    }

    [Theory]
    [InlineData("silos", "0", "Parameters:silos is '0', expected a whole number from 1 to 64")]
    [InlineData("silos", "many", "Parameters:silos is 'many', expected a whole number from 1 to 64")]
    [InlineData("clustering", "3x", "Parameters:clustering is '3x', expected Container, Connection, Executable, Development")]
    [InlineData("clustering", "7", "Parameters:clustering is '7', expected Container, Connection, Executable, Development")]
    public void A_parameter_that_is_not_usable_is_named(string key, string value, string message)
    {
        var configuration = new ConfigurationManager { [$"Parameters:{key}"] = value };

        Assert.Equal(message, Assert.Throws<AppHostSettingsException>(() => AppHostSettings.Read(configuration)).Message);
    }

    [Fact]
    public void An_address_of_the_dashboard_at_which_another_program_listens_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, port: 0);
        other.Start();
        var configuration = new ConfigurationManager
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://{other.LocalEndpoint}",
        };

        var exception = Assert.Throws<AppHostSettingsException>(() => DashboardEndpoints.RequireFree(configuration));

        Assert.Equal(
            $"ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL is http://{other.LocalEndpoint}, where another program listens, expected a free port; "
            + "is another AppHost running?",
            exception.Message);
        other.Stop();
        DashboardEndpoints.RequireFree(configuration);
    }

    [Fact]
    public void A_connection_string_for_Redis_is_used_before_anything_else() => Assert.Equal(
        ClusteringChoice.HasRedis ? ClusteringKind.Connection : ClusteringKind.Development,
        ClusteringChoice.Choose(new ConfigurationManager { ["ConnectionStrings:redis"] = "127.0.0.1:6379" }));

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync(typeof(TrainingApplication), arguments, TestContext.Current.CancellationToken);

    private static IResource Find(IDistributedApplicationTestingBuilder builder, string name) =>
        Assert.Single(builder.Resources, resource => resource.Name == name);

    private static string[] AwaitedBy(IResource resource) =>
        [.. resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name)];

    private static HashSet<string> CommandsOf(IResource resource) =>
        [.. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name)];

    private static async Task<Dictionary<string, string>> EnvironmentOf(IResource resource) =>
        (await ConfigureAsync(resource)).EnvironmentVariables.ToDictionary();

    private static async Task<string[]> ArgumentsOf(IResource resource) =>
        [.. (await ConfigureAsync(resource)).Arguments.Select(argument => argument.Value)];

    /// <summary>What its process would get, with references in the place of what only a start decides.</summary>
    private static Task<IExecutionConfigurationResult> ConfigureAsync(IResource resource) =>
        ExecutionConfigurationBuilder.Create(resource).WithArgumentsConfig().WithEnvironmentVariablesConfig().BuildAsync(
            new DistributedApplicationExecutionContext(DistributedApplicationOperation.Publish),
            NullLogger.Instance,
            TestContext.Current.CancellationToken);
}
