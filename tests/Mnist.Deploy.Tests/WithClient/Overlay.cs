using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Mnist.Deploy.Tests;

/// <summary>What an overlay of <c>deploy/overlays</c> comes to.</summary>
/// <param name="objects">Its objects.</param>
internal sealed class Overlay(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects)
{
    /// <summary>Name of the silos' Deployment.</summary>
    public const string Silo = "mnist-silo";

    /// <summary>Name of the coordinator's Deployment.</summary>
    public const string Coordinator = "mnist-coordinator";

    private static readonly ConcurrentDictionary<string, string?> Rendered = [];

    /// <summary>Names of the overlays.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Files.At("deploy/overlays")).Select(folder => Path.GetFileName(folder)!).Order()];

    /// <summary>Every object.</summary>
    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; } = objects;

    /// <summary>The pods that controllers make, by the name of the controller.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Pod)> Pods =>
        Of<V1Deployment>().Select(deployment => (deployment.Name(), deployment.Spec.Template))
            .Concat(Of<V1StatefulSet>().Select(set => (set.Name(), set.Spec.Template)));

    /// <summary>Every container of every pod, with the name of its controller.</summary>
    public IEnumerable<(string Name, V1PodSpec Pod, V1Container Container)> Containers =>
        from pair in Pods
        from container in pair.Pod.Spec.Containers.Concat(pair.Pod.Spec.InitContainers ?? [])
        select (pair.Name, pair.Pod.Spec, container);

    /// <summary>The text that kustomize makes of an overlay.</summary>
    /// <remarks>Skips the test where there is no kustomize.</remarks>
    public static string Render(string name)
    {
        var folder = Files.At($"deploy/overlays/{name}");
        var yaml = Rendered.GetOrAdd(name, _ =>
            ToolProcess.Run("", "kubectl", "kustomize", folder) ?? ToolProcess.Run("", "kustomize", "build", folder));
        Assert.SkipWhen(yaml is null, "neither kubectl nor kustomize is installed");
        return yaml!;
    }

    /// <summary>Reads an overlay anew.</summary>
    public static Overlay Load(string name) => Parse(Render(name));

    /// <summary>Reads objects; a field that their kind does not have is an error.</summary>
    public static Overlay Parse(string yaml) =>
        new([.. KubernetesYaml.LoadAllFromString(yaml, typeMap: null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    /// <summary>The objects of a kind.</summary>
    public IEnumerable<T> Of<T>()
        where T : IKubernetesObject<V1ObjectMeta> => Objects.OfType<T>();

    /// <summary>The object of a kind with a name.</summary>
    public T Get<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Of<T>().Single(item => item.Name() == name);

    /// <summary>The only container of the silos or the coordinator.</summary>
    public V1Container ContainerOf(string deployment) => Get<V1Deployment>(deployment).Spec.Template.Spec.Containers.Single();

    /// <summary>The pods whose labels are as a selector wants them.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Pod)> Select(V1LabelSelector selector) =>
        Pods.Where(pair => Matches(selector, pair.Pod.Metadata.Labels));

    private static bool Matches(V1LabelSelector selector, IDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => labels.TryGetValue(label.Key, out var value)
            && value == label.Value)
        && (selector.MatchExpressions ?? []).All(expression => expression.OperatorProperty switch
        {
            "In" => labels.TryGetValue(expression.Key, out var value) && expression.Values.Contains(value),
            _ => throw new NotSupportedException($"{expression.OperatorProperty} in a selector is not understood by these tests"),
        });
}
