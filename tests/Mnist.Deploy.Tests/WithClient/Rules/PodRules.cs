using k8s.Models;

namespace Mnist.Deploy.Tests.Rules;

/// <summary>What every pod has to keep.</summary>
internal static class PodRules
{
    private const int LongestStartSeconds = 120;

    /// <summary>The rules.</summary>
    public static IReadOnlyList<DeployRule> All { get; } =
    [
        new("pods run as somebody who is not root, by number",
            overlay => from pair in overlay.Pods
                       let security = pair.Pod.Spec.SecurityContext
                       where security is not { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0 }
                       select $"{pair.Name}: expected runAsNonRoot, runAsUser and runAsGroup",
            overlay => Pod(overlay).SecurityContext.RunAsUser = 0,
            overlay => Pod(overlay).SecurityContext.RunAsNonRoot = null),
        new("pods are confined by the runtime's default seccomp profile",
            overlay => from pair in overlay.Pods
                       where pair.Pod.Spec.SecurityContext?.SeccompProfile?.Type != "RuntimeDefault"
                       select $"{pair.Name}: expected seccompProfile RuntimeDefault",
            overlay => Pod(overlay).SecurityContext.SeccompProfile = null),
        new("pods do not share their node's network, processes or files",
            overlay => from pair in overlay.Pods
                       let pod = pair.Pod.Spec
                       where pod.HostNetwork == true || pod.HostPID == true || pod.HostIPC == true
                           || pod.Volumes?.Any(volume => volume.HostPath is not null) == true
                       select $"{pair.Name}: uses something of its node",
            overlay => Pod(overlay).HostNetwork = true,
            overlay => Pod(overlay).Volumes.Add(new V1Volume { Name = "node", HostPath = new V1HostPathVolumeSource { Path = "/" } })),
        new("pods cannot call Kubernetes",
            overlay => from pair in overlay.Pods
                       let account = overlay.Of<V1ServiceAccount>().FirstOrDefault(item => item.Name() == pair.Pod.Spec.ServiceAccountName)
                       where pair.Pod.Spec.AutomountServiceAccountToken != false || account?.AutomountServiceAccountToken != false
                       select $"{pair.Name}: expected a service account of its own, and no token of it",
            overlay => Pod(overlay).AutomountServiceAccountToken = null,
            overlay => Pod(overlay).ServiceAccountName = "default"),
        new("containers get no privileges",
            overlay => from item in overlay.Containers
                       let security = item.Container.SecurityContext
                       where security is not { AllowPrivilegeEscalation: false, Privileged: null or false, Capabilities.Add: null }
                           || security.Capabilities.Drop?.Contains("ALL") != true
                       select $"{item.Name}: expected allowPrivilegeEscalation: false and all capabilities dropped",
            overlay => Container(overlay).SecurityContext.AllowPrivilegeEscalation = null,
            overlay => Container(overlay).SecurityContext.Capabilities.Drop = []),
        new("containers cannot write to their image",
            overlay => from item in overlay.Containers
                       where item.Container.SecurityContext?.ReadOnlyRootFilesystem != true
                       select $"{item.Name}: expected readOnlyRootFilesystem",
            overlay => Container(overlay).SecurityContext.ReadOnlyRootFilesystem = false),
        new("folders in memory or on the node are limited in size",
            overlay => from pair in overlay.Pods
                       from volume in pair.Pod.Spec.Volumes ?? []
                       where volume.EmptyDir is { SizeLimit: null }
                       select $"{pair.Name}: expected a sizeLimit of {volume.Name}",
            overlay => Pod(overlay).Volumes.Single(volume => volume.EmptyDir is not null).EmptyDir.SizeLimit = null),
        new("containers request processors without a limit, and memory with an equal limit",
            overlay => from item in overlay.Containers
                       let resources = item.Container.Resources
                       where !HasQuantity(resources?.Requests, "cpu") || HasQuantity(resources?.Limits, "cpu")
                           || !HasQuantity(resources?.Limits, "memory")
                           || !resources!.Requests["memory"].Equals(resources.Limits["memory"])
                       select $"{item.Name}: expected requests of cpu and memory, and a limit of memory alone",
            overlay => Container(overlay).Resources.Limits["cpu"] = new ResourceQuantity("2"),
            overlay => Container(overlay).Resources.Requests.Remove("cpu"),
            overlay => Container(overlay).Resources.Requests["memory"] = new ResourceQuantity("1Mi"),
            overlay => Container(overlay).Resources.Limits.Remove("memory")),
        new("containers are probed for start, readiness and life, and have time to start",
            overlay => from item in overlay.Containers
                       let container = item.Container
                       where container.StartupProbe is null || container.ReadinessProbe is null || container.LivenessProbe is null
                           || container.StartupProbe.PeriodSeconds * container.StartupProbe.FailureThreshold < LongestStartSeconds
                       select $"{item.Name}: expected three probes, and {LongestStartSeconds} s to start in",
            overlay => Container(overlay).StartupProbe = null,
            overlay => Container(overlay).ReadinessProbe = null,
            overlay => Container(overlay).LivenessProbe = null,
            overlay => Container(overlay).StartupProbe.FailureThreshold = 3),
        new("life and readiness are different questions",
            overlay => from item in overlay.Containers
                       where item.Container.LivenessProbe.HttpGet is { } live
                           && (live.Path != "/health/live" || item.Container.ReadinessProbe.HttpGet?.Path != "/health/ready")
                       select $"{item.Name}: expected /health/live and /health/ready",
            overlay => Container(overlay).LivenessProbe.HttpGet.Path = "/health/ready",
            overlay => Container(overlay).ReadinessProbe.HttpGet.Path = "/health/live"),
        new("images have a version",
            overlay => from item in overlay.Containers
                       let version = item.Container.Image.Split('/')[^1].Split(':', 2).ElementAtOrDefault(1)
                       where version is null or "" or "latest"
                       select $"{item.Name}: {item.Container.Image} names no version",
            overlay => Container(overlay).Image = "registry.example.com:5000/mnist-silo",
            overlay => Container(overlay).Image = "mnist-silo:latest"),
    ];

    private static bool HasQuantity(IDictionary<string, ResourceQuantity>? quantities, string name) =>
        quantities?.TryGetValue(name, out var quantity) == true && quantity.ToDecimal() > 0;

    private static V1PodSpec Pod(Overlay overlay) => overlay.Get<V1Deployment>(Overlay.Silo).Spec.Template.Spec;

    private static V1Container Container(Overlay overlay) => overlay.ContainerOf(Overlay.Silo);
}
