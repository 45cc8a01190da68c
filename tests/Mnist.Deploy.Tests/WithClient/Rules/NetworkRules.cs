using k8s.Models;
using Mnist.ServiceDefaults;

namespace Mnist.Deploy.Tests.Rules;

/// <summary>Who may talk to whom.</summary>
internal static class NetworkRules
{
    private const string Redis = "mnist-redis";
    private const string Monitoring = "mnist-monitoring";
    private const string Label = "app.kubernetes.io/name";
    private const string Scrape = "prometheus.io/scrape";
    private const string ScrapePort = "prometheus.io/port";

    /// <summary>Each connection that is meant to be: from, to, port.</summary>
    private static readonly (string From, string To, string Port)[] Connections =
    [
        (Overlay.Silo, Overlay.Silo, "silo"),
        (Overlay.Silo, Redis, "redis"),
        (Overlay.Coordinator, Overlay.Silo, "gateway"),
        (Overlay.Coordinator, Redis, "redis"),
    ];

    /// <summary>The rules.</summary>
    public static IReadOnlyList<DeployRule> All { get; } =
    [
        new("nothing is allowed that is not named",
            overlay => overlay.Of<V1NetworkPolicy>().Any(policy =>
                policy.Spec.PodSelector is { MatchLabels: null, MatchExpressions: null }
                && policy.Spec.PolicyTypes.Order().SequenceEqual(["Egress", "Ingress"]) && policy.Spec.Ingress is null)
                    ? [] : ["expected a NetworkPolicy for all pods, for ingress and egress, that admits nothing"],
            overlay => Policy(overlay, "mnist-default").Spec.PolicyTypes = ["Ingress"],
            overlay => Policy(overlay, "mnist-default").Spec.Ingress = [new V1NetworkPolicyIngressRule()]),
        new("pods reach the name service and nothing else outside",
            overlay => from policy in overlay.Of<V1NetworkPolicy>()
                       from rule in policy.Spec.Egress ?? []
                       where rule.To is not { Count: > 0 } && rule.Ports?.All(port => port.Port.Value == "53") != true
                       select $"{policy.Name()}: leads anywhere",
            overlay => Policy(overlay, Overlay.Silo).Spec.Egress[0].To = null,
            overlay => Policy(overlay, "mnist-default").Spec.Egress[0].Ports = null),
        new("what has to talk can talk, and only that",
            overlay => from sender in Names(overlay)
                       from receiver in overlay.Pods
                       from port in receiver.Pod.Spec.Containers.SelectMany(container => container.Ports)
                       let isMeant = Connections.Contains((sender, receiver.Name, port.Name))
                       let isPublic = receiver.Name == Overlay.Coordinator
                       where isMeant != (IsAdmitted(overlay, sender, receiver.Name, port) && IsLetOut(overlay, sender, receiver.Name, port))
                           || !isPublic && isMeant != IsAdmitted(overlay, sender, receiver.Name, port)
                       select $"{sender} to {receiver.Name} at {port.Name}: expected {(isMeant ? "to be" : "not to be")} allowed",
            overlay => Policy(overlay, Overlay.Silo).Spec.Ingress[0].FromProperty = null,
            overlay => Policy(overlay, Overlay.Silo).Spec.Ingress[0].Ports[0].Port = 11112,
            overlay => Policy(overlay, Overlay.Silo).Spec.Egress.RemoveAt(0),
            overlay => Policy(overlay, Redis).Spec.Ingress[0].FromProperty[0].PodSelector.MatchExpressions[0].Values.RemoveAt(1),
            overlay => overlay.ContainerOf(Overlay.Silo).Ports[0].ContainerPort = 11112),
        new("what is announced to Prometheus is there, and lets it in",
            overlay => from pair in overlay.Pods
                       let announced = pair.Pod.Metadata.Annotations
                       where announced?.TryGetValue(Scrape, out var value) == true && value == "true"
                       let port = pair.Pod.Spec.Containers.SelectMany(container => container.Ports)
                           .SingleOrDefault(port => announced.TryGetValue(ScrapePort, out var number) && number == $"{port.ContainerPort}")
                       where port?.Name != "http" || announced["prometheus.io/path"] != ServiceDefaultsExtensions.MetricsPath
                           || !IsAdmitted(overlay, pair.Name, port, LetsPrometheusIn)
                       select $"{pair.Name}: expected where {ServiceDefaultsExtensions.MetricsPath} is, and that Prometheus is admitted",
            overlay => SiloAnnotations(overlay)[ScrapePort] = "11111",
            overlay => SiloAnnotations(overlay).Remove(ScrapePort),
            overlay => SiloAnnotations(overlay)["prometheus.io/path"] = "/",
            overlay => Policy(overlay, Monitoring).Spec.Ingress[0].FromProperty[0].NamespaceSelector = null,
            overlay => Policy(overlay, Monitoring).Spec.Ingress[0].FromProperty[0].PodSelector.MatchLabels[Label] = "grafana",
            overlay => Policy(overlay, Monitoring).Spec.Ingress[0].Ports[0].Port = 8080),
    ];

    private static IEnumerable<string> Names(Overlay overlay) => overlay.Pods.Select(pair => pair.Name);

    private static bool IsAdmitted(Overlay overlay, string sender, string receiver, V1ContainerPort port) =>
        IsAdmitted(overlay, receiver, port, peers => Covers(overlay, peers, sender));

    private static bool IsAdmitted(
        Overlay overlay, string receiver, V1ContainerPort port, Func<IList<V1NetworkPolicyPeer>?, bool> covers) =>
        (from policy in overlay.Of<V1NetworkPolicy>()
         where overlay.Select(policy.Spec.PodSelector).Any(pair => pair.Name == receiver)
         from rule in policy.Spec.Ingress ?? []
         select covers(rule.FromProperty) && Covers(rule.Ports, port)).Any(isAdmitted => isAdmitted);

    /// <summary>Whether a pod of another namespace with Prometheus' usual label is among those who may send.</summary>
    private static bool LetsPrometheusIn(IList<V1NetworkPolicyPeer>? peers) =>
        peers is not { Count: > 0 } || peers.Any(peer => peer.NamespaceSelector is { MatchLabels: null, MatchExpressions: null }
            && (peer.PodSelector is null || peer.PodSelector is { MatchLabels: { } labels, MatchExpressions: null }
                && labels.All(label => label is { Key: Label, Value: "prometheus" })));

    private static IDictionary<string, string> SiloAnnotations(Overlay overlay) =>
        overlay.Get<V1Deployment>(Overlay.Silo).Spec.Template.Metadata.Annotations;

    private static bool IsLetOut(Overlay overlay, string sender, string receiver, V1ContainerPort port) =>
        (from policy in overlay.Of<V1NetworkPolicy>()
         where overlay.Select(policy.Spec.PodSelector).Any(pair => pair.Name == sender)
         from rule in policy.Spec.Egress ?? []
         select Covers(overlay, rule.To, receiver) && Covers(rule.Ports, port)).Any(isLetOut => isLetOut);

    private static bool Covers(Overlay overlay, IList<V1NetworkPolicyPeer>? peers, string name) =>
        peers is not { Count: > 0 } || peers.Any(peer => peer.PodSelector is null
            ? peer.NamespaceSelector is not null
            : overlay.Select(peer.PodSelector).Any(pair => pair.Name == name));

    private static bool Covers(IList<V1NetworkPolicyPort>? ports, V1ContainerPort port) =>
        ports is not { Count: > 0 } || ports.Any(allowed => allowed.Port.Value == $"{port.ContainerPort}"
            && (allowed.Protocol ?? "TCP") == (port.Protocol ?? "TCP"));

    private static V1NetworkPolicy Policy(Overlay overlay, string name) => overlay.Get<V1NetworkPolicy>(name);
}
