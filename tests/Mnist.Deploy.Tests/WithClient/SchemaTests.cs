using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Mnist.Deploy.Tests;

/// <summary>
/// Objects agree with Kubernetes' own description of its API: fields that it does not have are found by reading them into its
/// types, what it requires and the types of values by schemas that npm carries.
/// </summary>
public sealed class SchemaTests
{
    private const string Folder = "tests/Mnist.Deploy.Tests/schemas";

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_field_is_one_that_Kubernetes_has(string overlay) => Assert.NotEmpty(Overlay.Load(overlay).Objects);

    [Fact]
    public void A_field_that_Kubernetes_does_not_have_is_found()
    {
        var yaml = Overlay.Render("local").Replace("minReadySeconds:", "minimumReadySeconds:", StringComparison.Ordinal);

        Assert.Contains("minimumReadySeconds", Assert.Throws<YamlException>(() => Overlay.Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_object_agrees_with_its_schema(string overlay) => Assert.Equal("", Check(Overlay.Render(overlay)));

    [Theory]
    [InlineData("replicas: 2", "replicas: \"2\"", "Deployment/mnist-silo: data/spec/replicas must be integer")]
    [InlineData("value: \"11111\"", "value: 11111", "/value must be string")]
    [InlineData("apiVersion: policy/v1", "apiVersion: policy/v1alpha1", "PodDisruptionBudget/mnist-silo: ")]
    [InlineData("        name: silo\n        ports", "        ports", "mnist-silo: data/spec/template/spec/containers/0 must have")]
    public void What_does_not_agree_is_found(string right, string wrong, string finding)
    {
        var yaml = Overlay.Render("local");
        Assert.Contains(right, yaml, StringComparison.Ordinal);

        Assert.Contains(finding, Check(yaml.Replace(right, wrong, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Check(string yaml)
    {
        Assert.SkipUnless(
            Directory.Exists(Files.At($"{Folder}/node_modules")), $"Kubernetes' schemas are not installed: npm ci --prefix {Folder}");
        var output = ToolProcess.Run(ToJson(yaml), "node", Files.At($"{Folder}/check.mjs"));
        Assert.SkipWhen(output is null, "node is not installed");
        return output!;
    }

    /// <summary>A JSON array of the documents. Text that is not quoted is what YAML says it is, a number for example.</summary>
    private static string ToJson(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var parser = new Parser(new StringReader(yaml));
        var documents = new List<object?>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            documents.Add(deserializer.Deserialize(parser));
        }

        return JsonSerializer.Serialize(documents);
    }
}
