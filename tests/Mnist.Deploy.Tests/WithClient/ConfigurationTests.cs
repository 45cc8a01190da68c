using System.Net;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Mnist.Clustering;
using Mnist.Silo.Http;

namespace Mnist.Deploy.Tests;

/// <summary>The programs understand what the files tell them.</summary>
public sealed class ConfigurationTests
{
    private const string PodAddress = "10.1.2.3";

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_silo_understands_its_environment(string name)
    {
        Assert.SkipUnless(ClusterProviders.Optional.Contains(ClusterProviders.Redis), "this build has no Redis");
        var overlay = Overlay.Load(name);
        var configuration = Read(overlay, Overlay.Silo);

        var settings = ClusterSettings.ReadForSilo(configuration);
        var http = HttpSettings.Read(configuration);

        Assert.Equal(ClusterProviders.Redis, settings.Provider);
        Assert.Equal("secret mnist-redis/connection-string", configuration["Orleans:Clustering:ConnectionString"]);
        Assert.Equal("secret mnist-redis/connection-string", configuration["Orleans:GrainStorage:checkpoints:ConnectionString"]);
        Assert.Equal(PodAddress, configuration["Orleans:Endpoints:AdvertisedIPAddress"]);
        var ports = overlay.ContainerOf(Overlay.Silo).Ports.ToDictionary(port => port.Name, port => $"{port.ContainerPort}");
        Assert.Equal(ports["silo"], configuration["Orleans:Endpoints:SiloPort"]);
        Assert.Equal(ports["gateway"], configuration["Orleans:Endpoints:GatewayPort"]);
        Assert.Equal(new IPEndPoint(IPAddress.Any, int.Parse(ports["http"], null)), http!.Endpoint);
        var isAnnounced = overlay.Get<V1Deployment>(Overlay.Silo).Spec.Template.Metadata.Annotations?.ContainsKey("prometheus.io/scrape");
        Assert.Equal(isAnnounced == true, http.IsMetricsEnabled);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_coordinator_understands_its_environment(string name)
    {
        Assert.SkipUnless(ClusterProviders.Optional.Contains(ClusterProviders.Redis), "this build has no Redis");
        var configuration = Read(Overlay.Load(name), Overlay.Coordinator);

        var settings = ClusterSettings.ReadForCoordinator(configuration);

        Assert.Equal(ClusterProviders.Redis, settings.Provider);
        Assert.Equal("secret mnist-redis/connection-string", configuration["Orleans:Clustering:ConnectionString"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Silos_and_coordinator_are_of_one_cluster(string name)
    {
        var overlay = Overlay.Load(name);
        var silo = Read(overlay, Overlay.Silo);
        var coordinator = Read(overlay, Overlay.Coordinator);

        Assert.All((string[])[ClusterKeys.ClusterId, ClusterKeys.ServiceId], key => Assert.Equal(silo[key], coordinator[key]));
        Assert.NotNull(silo[ClusterKeys.ClusterId]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_variable_is_in_the_reference(string name)
    {
        var reference = Files.Read("docs/OPERATIONS.md");
        var overlay = Overlay.Load(name);

        Assert.All(
            Variables(overlay, Overlay.Silo).Concat(Variables(overlay, Overlay.Coordinator)),
            variable => Assert.Contains($"`{variable.Name}`", reference, StringComparison.Ordinal));
    }

    /// <summary>The configuration that a pod's environment makes.</summary>
    private static ConfigurationManager Read(Overlay overlay, string deployment)
    {
        var configuration = new ConfigurationManager();
        foreach (var (name, value) in Variables(overlay, deployment))
        {
            configuration[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        return configuration;
    }

    private static IEnumerable<(string Name, string Value)> Variables(Overlay overlay, string deployment)
    {
        var container = overlay.ContainerOf(deployment);
        return container.EnvFrom.SelectMany(source => overlay.Get<V1ConfigMap>(source.ConfigMapRef.Name).Data)
            .Select(pair => (pair.Key, pair.Value))
            .Concat(container.Env.Select(variable => (variable.Name, ValueOf(variable))));
    }

    private static string ValueOf(V1EnvVar variable) => variable switch
    {
        { Value: { } value } => value,
        { ValueFrom.SecretKeyRef: { } secret } => $"secret {secret.Name}/{secret.Key}",
        { ValueFrom.FieldRef.FieldPath: "status.podIP" } => PodAddress,
        { ValueFrom.FieldRef.FieldPath: "metadata.name" } => "mnist-silo-0",
        _ => throw new NotSupportedException($"{variable.Name} has no value that these tests understand"),
    };
}
