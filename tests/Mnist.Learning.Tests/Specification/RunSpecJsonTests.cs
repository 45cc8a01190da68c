using System.Text.Json.Nodes;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Tests.Specification;

public class RunSpecJsonTests
{
    private static readonly string Canonical = """
        {"recipe":"small","network":"small","seed":18446744073709551615,"globalBatch":128,"slices":8,"epochs":10,
        "targetAccuracy":0.995,
        "optimizer":{"kind":"adam","beta1":0.9,"beta2":0.99,"epsilon":1E-08,"weightDecay":0},
        "schedule":{"shape":"linear","peak":0.01,"warmupFraction":0.25},
        "augmentation":{"rotationDegrees":10,"translationPixels":1.5,"scale":0.08,"shearDegrees":6},
        "emaDecay":0.998,"consistency":"sync","compression":"fp32",
        "datasetSha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","trainingSamples":55000,"validationSamples":5000}
        """.ReplaceLineEndings("");

    private static RunSpec Spec => TestRuns.Create(
        "small", ulong.MaxValue, 60_000, new RunOverrides { TargetAccuracy = 0.995, ValidationSamples = 5_000 });

    public static TheoryData<string> Fields => new(
        FieldsOf(JsonNode.Parse(Canonical)!.AsObject(), "").ToArray());

    [Fact]
    public void The_canonical_form_and_its_hash_never_change()
    {
        Assert.Equal(Canonical, RunSpecJson.Serialize(Spec));
        Assert.Equal("0344dac0f79ee83e800ab2e683f75275b2309776f376be027f59784e0d749046", RunSpecJson.Sha256(Spec));
    }

    [Fact]
    public void Every_recipe_reads_back_as_it_was_written()
    {
        foreach (var name in Recipes.Names)
        {
            var spec = TestRuns.Create(name);

            Assert.Equal(spec, RunSpecJson.Parse(RunSpecJson.Serialize(spec)));
        }
    }

    [Fact]
    public void Fields_may_come_in_any_order_with_any_white_space()
    {
        var fields = JsonNode.Parse(Canonical)!.AsObject();
        var reversed = new JsonObject(fields.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

        Assert.Equal(Spec, RunSpecJson.Parse(reversed.ToJsonString(new() { WriteIndented = true })));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_missing_field_is_named(string path)
    {
        var (json, parent, name) = Locate(path);
        parent.Remove(name);

        Assert.Equal($"run specification: field '{path}' is missing", Refusal(json.ToJsonString()));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_value_of_the_wrong_type_is_named(string path)
    {
        var (json, parent, name) = Locate(path);
        parent[name] = new JsonArray();

        var message = Refusal(json.ToJsonString());

        Assert.StartsWith($"run specification: field '{path}'", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers", "run specification: unknown field 'workers', expected one of recipe, network,")]
    [InlineData("optimizer.rho", "run specification: unknown field 'optimizer.rho', expected one of kind, beta1,")]
    [InlineData("augmentation.isIdentity", "run specification: unknown field 'augmentation.isIdentity', expected one of rotationDegrees,")]
    public void An_unknown_field_is_named_with_those_that_there_are(string path, string message)
    {
        var (json, parent, name) = Locate(path);
        parent[name] = 1;

        Assert.StartsWith(message, Refusal(json.ToJsonString()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "run specification: ")]
    [InlineData("[]", "run specification: is an array, expected an object")]
    [InlineData("""{"seed":1,"seed":2}""", "run specification: ")]
    public void Text_that_is_no_specification_is_refused(string json, string message) =>
        Assert.StartsWith(message, Refusal(json), StringComparison.Ordinal);

    [Fact]
    public void A_field_out_of_range_is_named() =>
        Assert.Equal(
            "run specification: slices is 7, expected a power of two from 1 to 4096",
            Refusal(Canonical.Replace("\"slices\":8", "\"slices\":7", StringComparison.Ordinal)));

    [Fact]
    public void A_null_is_refused_where_a_value_is_needed() =>
        Assert.Equal(
            "run specification: field 'network' is null, expected a value",
            Refusal(Canonical.Replace("\"network\":\"small\"", "\"network\":null", StringComparison.Ordinal)));

    private static string Refusal(string json)
    {
        var message = Assert.Throws<InvalidInputException>(() => RunSpecJson.Parse(json)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static (JsonObject Json, JsonObject Parent, string Name) Locate(string path)
    {
        var json = JsonNode.Parse(Canonical)!.AsObject();
        var names = path.Split('.');
        return (json, names.Length == 1 ? json : json[names[0]]!.AsObject(), names[^1]);
    }

    private static IEnumerable<string> FieldsOf(JsonObject json, string prefix)
    {
        foreach (var (name, value) in json)
        {
            yield return prefix + name;
            if (value is JsonObject nested)
            {
                foreach (var field in FieldsOf(nested, prefix + name + "."))
                {
                    yield return field;
                }
            }
        }
    }
}
