using System.Text.Json;

namespace Mnist.Coordinator.Dashboard.RunDetails;

/// <summary>Specifications as names and values.</summary>
internal static class SpecificationFacts
{
    /// <summary>All values of a specification; those of its parts by names with a dot: <c>optimizer.kind</c>.</summary>
    /// <param name="spec">The specification in its JSON form.</param>
    public static IEnumerable<(string Name, string Value)> Of(JsonElement spec) => Flatten("", spec);

    /// <summary>Where two specifications differ.</summary>
    /// <param name="first">A specification.</param>
    /// <param name="second">Another one.</param>
    public static IEnumerable<(string Name, string First, string Second)> Differences(JsonElement first, JsonElement second)
    {
        var (left, right) = (Of(first).ToDictionary(), Of(second).ToDictionary());
        return from name in left.Keys.Union(right.Keys)
               let values = (First: left.GetValueOrDefault(name, Wording.None), Second: right.GetValueOrDefault(name, Wording.None))
               where values.First != values.Second
               select (name, values.First, values.Second);
    }

    private static IEnumerable<(string Name, string Value)> Flatten(string prefix, JsonElement element) =>
        element.EnumerateObject().SelectMany(property => property.Value.ValueKind == JsonValueKind.Object
            ? Flatten($"{prefix}{property.Name}.", property.Value)
            : [($"{prefix}{property.Name}", Text(property.Value))]);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Null ? Wording.None : value.ToString();
}
