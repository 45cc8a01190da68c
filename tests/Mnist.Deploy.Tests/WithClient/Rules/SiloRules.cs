using System.Globalization;
using k8s.Models;

namespace Mnist.Deploy.Tests.Rules;

/// <summary>What silos and coordinator need to work on and lose nothing while pods come and go.</summary>
internal static class SiloRules
{
    private const string Grace = "Cluster__GraceSeconds";
    private const string Slots = "Training__WorkersPerSilo";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<DeployRule> All { get; } =
    [
        new("a silo ends by itself before it is ended",
            overlay => Silo(overlay).Spec.Template.Spec.TerminationGracePeriodSeconds - Number(overlay, Grace) >= 15
                ? [] : [$"expected terminationGracePeriodSeconds to be 15 more than {Grace} at least"],
            overlay => Silo(overlay).Spec.Template.Spec.TerminationGracePeriodSeconds = 120,
            overlay => Silo(overlay).Spec.Template.Spec.TerminationGracePeriodSeconds = null,
            overlay => Variable(overlay, Grace).Value = "150"),
        new("an upgrade starts a silo before one leaves",
            overlay => Silo(overlay).Spec.Strategy is
            {
                Type: "RollingUpdate", RollingUpdate: { MaxUnavailable.Value: "0", MaxSurge.Value: "1" },
            } && Silo(overlay).Spec.MinReadySeconds > 0 ? [] : ["expected maxUnavailable 0, maxSurge 1 and minReadySeconds"],
            overlay => Silo(overlay).Spec.Strategy.RollingUpdate.MaxUnavailable = 1,
            overlay => Silo(overlay).Spec.MinReadySeconds = null),
        new("a drained node gives up one silo at a time",
            overlay => overlay.Of<V1PodDisruptionBudget>().Count(budget => budget.Spec is { MaxUnavailable.Value: "1", MinAvailable: null }
                && overlay.Select(budget.Spec.Selector).Select(pair => pair.Name).SequenceEqual([Overlay.Silo])) == 1
                    ? [] : ["expected one PodDisruptionBudget with maxUnavailable 1 for the silos"],
            overlay => overlay.Get<V1PodDisruptionBudget>(Overlay.Silo).Spec.MaxUnavailable = 2,
            overlay => overlay.Get<V1PodDisruptionBudget>(Overlay.Silo).Spec.Selector.MatchLabels["app.kubernetes.io/name"] = "silo"),
        new("a silo is known by its pod's name and address",
            overlay => from name in (string[])["Orleans__Name=metadata.name", "Orleans__Endpoints__AdvertisedIPAddress=status.podIP"]
                       where !Environment(overlay).Any(variable => $"{variable.Name}={variable.ValueFrom?.FieldRef?.FieldPath}" == name)
                       select $"expected {name}",
            overlay => Variable(overlay, "Orleans__Name").ValueFrom.FieldRef.FieldPath = "metadata.uid",
            overlay => Variable(overlay, "Orleans__Endpoints__AdvertisedIPAddress").ValueFrom = null),
        new("a silo takes no more workers than it has processors",
            overlay => Number(overlay, Slots) is > 0 and var slots
                && slots <= Math.Ceiling(overlay.ContainerOf(Overlay.Silo).Resources.Requests["cpu"].ToDecimal())
                    ? [] : [$"expected {Slots} to be no more than the request of cpu"],
            overlay => Variable(overlay, Slots).Value = "16",
            overlay => Environment(overlay).Remove(Variable(overlay, Slots))),
        new("silos are spread over nodes",
            overlay => Silo(overlay).Spec.Template.Spec.TopologySpreadConstraints?.Any(constraint =>
                constraint.TopologyKey == "kubernetes.io/hostname"
                && overlay.Select(constraint.LabelSelector).Any(pair => pair.Name == Overlay.Silo)) == true
                    ? [] : ["expected a spread over kubernetes.io/hostname"],
            overlay => Silo(overlay).Spec.Template.Spec.TopologySpreadConstraints = null),
        new("where silos are scaled automatically, one at a time leaves, slowly",
            overlay => from scaler in overlay.Of<V2HorizontalPodAutoscaler>()
                       let down = scaler.Spec.Behavior?.ScaleDown
                       let grace = Silo(overlay).Spec.Template.Spec.TerminationGracePeriodSeconds
                       where down is not { StabilizationWindowSeconds: >= 300, SelectPolicy: "Min" }
                           || down.Policies is not [{ Type: "Pods", Value: 1 } policy] || policy.PeriodSeconds < grace
                           || scaler.Spec.MinReplicas is not > 1
                       select $"expected scaleDown by 1 in {grace} s at least, after 300 s, to 2 silos at least",
            overlay => Scaler(overlay).Spec.Behavior.ScaleDown = null,
            overlay => Scaler(overlay).Spec.Behavior.ScaleDown.Policies[0].PeriodSeconds = 60,
            overlay => Scaler(overlay).Spec.MinReplicas = 1),
        new("either the file or an autoscaler says how many silos there are",
            overlay => overlay.Of<V2HorizontalPodAutoscaler>().Any(scaler => scaler.Spec.ScaleTargetRef is
            {
                ApiVersion: "apps/v1", Kind: "Deployment", Name: Overlay.Silo,
            }) == Silo(overlay).Spec.Replicas is null ? [] : ["expected replicas or a HorizontalPodAutoscaler, and not both"],
            overlay => Silo(overlay).Spec.Replicas = Silo(overlay).Spec.Replicas is null ? 3 : null),
        new("there is one coordinator and never two, and its results outlive it",
            overlay => overlay.Get<V1Deployment>(Overlay.Coordinator).Spec is { Replicas: 1, Strategy.Type: "Recreate" } deployment
                && deployment.Template.Spec.Volumes.Any(volume => volume.PersistentVolumeClaim is not null
                    && overlay.ContainerOf(Overlay.Coordinator) is { } container && container.VolumeMounts.Any(mount =>
                        mount.Name == volume.Name && mount.ReadOnlyProperty != true && mount.MountPath == container.WorkingDir))
                    ? [] : ["expected one replica, Recreate, and a working directory on a PersistentVolumeClaim"],
            overlay => overlay.Get<V1Deployment>(Overlay.Coordinator).Spec.Replicas = 2,
            overlay => overlay.Get<V1Deployment>(Overlay.Coordinator).Spec.Strategy.Type = "RollingUpdate",
            overlay => overlay.ContainerOf(Overlay.Coordinator).WorkingDir = null),
    ];

    private static V1Deployment Silo(Overlay overlay) => overlay.Get<V1Deployment>(Overlay.Silo);

    private static IList<V1EnvVar> Environment(Overlay overlay) => overlay.ContainerOf(Overlay.Silo).Env;

    private static V1EnvVar Variable(Overlay overlay, string name) => Environment(overlay).Single(variable => variable.Name == name);

    private static int? Number(Overlay overlay, string name) =>
        Environment(overlay).FirstOrDefault(variable => variable.Name == name) is { Value: { } value }
            ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private static V2HorizontalPodAutoscaler Scaler(Overlay overlay) => overlay.Of<V2HorizontalPodAutoscaler>().Single();
}
