using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace Mnist.Deploy.Tests.Rules;

/// <summary>What objects say of each other has to be so.</summary>
internal static partial class ReferenceRules
{
    /// <summary>Secrets that the user makes, with their keys (docs/OPERATIONS.md).</summary>
    private static readonly string[] UsersSecrets = ["mnist-redis/password", "mnist-redis/connection-string", "mnist-coordinator/token"];

    /// <summary>The rules.</summary>
    public static IReadOnlyList<DeployRule> All { get; } =
    [
        new("everything is in the namespace, which refuses pods with privileges",
            overlay => (from item in overlay.Objects
                        where item is not V1Namespace && item.Namespace() != "mnist"
                        select $"{item.Kind} {item.Name()} is in no namespace of ours")
                .Concat(from item in overlay.Of<V1Namespace>()
                        where item.GetLabel("pod-security.kubernetes.io/enforce") != "restricted"
                        select "expected pod-security.kubernetes.io/enforce: restricted"),
            overlay => overlay.Get<V1Deployment>(Overlay.Silo).Metadata.NamespaceProperty = null,
            overlay => overlay.Of<V1Namespace>().Single().Metadata.Labels.Clear()),
        new("secrets are referred to and never written down",
            overlay => overlay.Of<V1Secret>().Select(secret => $"Secret {secret.Name()} is rendered")
                .Concat(from item in overlay.Containers
                        from variable in item.Container.Env ?? []
                        where SecretName().IsMatch(variable.Name) && variable.ValueFrom?.SecretKeyRef is null
                        select $"{item.Name}: {variable.Name} is no secretKeyRef"),
            overlay => Variable(overlay, "Orleans__Clustering__ConnectionString").ValueFrom = null,
            overlay => overlay.ContainerOf(Overlay.Silo).Env.Add(new V1EnvVar { Name = "Dashboard__Token", Value = "letmein" })),
        new("secrets are those that the user is told to make",
            overlay => from item in overlay.Containers
                       from variable in item.Container.Env ?? []
                       let secret = variable.ValueFrom?.SecretKeyRef
                       where secret is not null && !UsersSecrets.Contains($"{secret.Name}/{secret.Key}")
                       select $"{item.Name}: {secret.Name}/{secret.Key} is none of {string.Join(", ", UsersSecrets)}",
            overlay => Variable(overlay, "Orleans__Clustering__ConnectionString").ValueFrom.SecretKeyRef.Key = "url"),
        new("configuration, claims and accounts that pods refer to are there",
            overlay => from pair in overlay.Pods
                       let pod = pair.Pod.Spec
                       from missing in Missing<V1ConfigMap>(overlay, pod.Containers
                               .SelectMany(container => container.EnvFrom ?? []).Select(source => source.ConfigMapRef?.Name)
                               .Concat((pod.Volumes ?? []).Select(volume => volume.ConfigMap?.Name)))
                           .Concat(Missing<V1PersistentVolumeClaim>(
                               overlay, (pod.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName)))
                           .Concat(Missing<V1ServiceAccount>(overlay, [pod.ServiceAccountName]))
                       select $"{pair.Name}: {missing}",
            overlay => overlay.ContainerOf(Overlay.Silo).EnvFrom[0].ConfigMapRef.Name = "mnist-cluster",
            overlay => overlay.Get<V1Deployment>(Overlay.Coordinator).Spec.Template.Spec.Volumes
                .Single(volume => volume.PersistentVolumeClaim is not null).PersistentVolumeClaim.ClaimName = "runs",
            overlay => overlay.Get<V1Deployment>(Overlay.Silo).Spec.Template.Spec.ServiceAccountName = "silo"),
        new("volumes that containers mount are there",
            overlay => from item in overlay.Containers
                       from mount in item.Container.VolumeMounts ?? []
                       let claims = overlay.Of<V1StatefulSet>().SingleOrDefault(set => set.Name() == item.Name)?.Spec.VolumeClaimTemplates
                       where !(item.Pod.Volumes ?? []).Any(volume => volume.Name == mount.Name)
                           && claims?.Any(claim => claim.Name() == mount.Name) != true
                       select $"{item.Name}: {mount.Name} is no volume",
            overlay => overlay.ContainerOf(Overlay.Silo).VolumeMounts[0].Name = "temporary"),
        new("probes ask at ports that the container names",
            overlay => from item in overlay.Containers
                       from probe in (V1Probe[])[item.Container.StartupProbe, item.Container.ReadinessProbe, item.Container.LivenessProbe]
                       let port = probe.HttpGet?.Port ?? probe.TcpSocket?.Port
                       where port is not null && !item.Container.Ports.Any(named => named.Name == port.ToString())
                       select $"{item.Name}: {port} is no port",
            overlay => overlay.ContainerOf(Overlay.Silo).LivenessProbe.HttpGet.Port = "web"),
        new("controllers find the pods that they make",
            overlay => from pair in overlay.Of<V1Deployment>().Select(item => (Name: item.Name(), item.Spec.Selector))
                           .Concat(overlay.Of<V1StatefulSet>().Select(item => (Name: item.Name(), item.Spec.Selector)))
                       where !overlay.Select(pair.Selector).Select(found => found.Name).SequenceEqual([pair.Name])
                       select $"{pair.Name}: the selector does not find its pods, or others",
            overlay => overlay.Get<V1Deployment>(Overlay.Silo).Spec.Selector.MatchLabels["app.kubernetes.io/name"] = "silo",
            overlay => overlay.Get<V1Deployment>(Overlay.Silo).Spec.Selector.MatchLabels =
                new Dictionary<string, string> { ["app.kubernetes.io/part-of"] = "mnist" }),
        new("services lead to ports of pods",
            overlay => from service in overlay.Of<V1Service>()
                       let pods = overlay.Select(new V1LabelSelector { MatchLabels = service.Spec.Selector }).ToList()
                       from port in service.Spec.Ports
                       where !pods.SelectMany(pair => pair.Pod.Spec.Containers).SelectMany(container => container.Ports)
                           .Any(named => named.Name == port.TargetPort?.ToString())
                       select $"{service.Name()}: {port.TargetPort} is no port of {pods.Count} kinds of pods",
            overlay => overlay.Get<V1Service>(Overlay.Coordinator).Spec.Ports[0].TargetPort = "web",
            overlay => overlay.Get<V1Service>(Overlay.Coordinator).Spec.Selector["app.kubernetes.io/name"] = "coordinator"),
    ];

    private static IEnumerable<string> Missing<T>(Overlay overlay, IEnumerable<string?> names)
        where T : IKubernetesObject<V1ObjectMeta> =>
        from name in names
        where name is not null && !overlay.Of<T>().Any(item => item.Name() == name)
        select $"there is no {typeof(T).Name[2..]} {name}";

    private static V1EnvVar Variable(Overlay overlay, string name) =>
        overlay.ContainerOf(Overlay.Silo).Env.Single(variable => variable.Name == name);

    [GeneratedRegex("password|token|secret|auth|connection_?string", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
