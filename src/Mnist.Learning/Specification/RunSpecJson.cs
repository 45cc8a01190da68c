using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mnist.Learning.Specification;

/// <summary>
/// The canonical JSON form of a run specification: every field present, in the order of declaration, camelCase,
/// numbers in their shortest form that reads back the same, no white space. Equal specifications give equal bytes,
/// so that the SHA-256 of this form names a run's result.
/// </summary>
public static class RunSpecJson
{
    private const string Subject = "run specification";

    private static readonly JsonDocumentOptions StrictReading = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Writes the canonical form.</summary>
    /// <param name="spec">A valid specification.</param>
    public static string Serialize(RunSpec spec) => JsonSerializer.Serialize(spec, RunSpecJsonContext.Default.RunSpec);

    /// <summary>Reads any JSON text with exactly the fields of a specification, in any order, and checks their ranges.</summary>
    /// <param name="json">JSON text.</param>
    /// <exception cref="InvalidInputException">
    /// Not JSON, or a field is missing, unknown, of the wrong type or out of range; the message names it.
    /// </exception>
    public static RunSpec Parse(string json)
    {
        RunSpec spec;
        try
        {
            using var document = JsonDocument.Parse(json, StrictReading);
            CheckFields(document.RootElement, RunSpecJsonContext.Default.RunSpec, "");
            spec = document.Deserialize(RunSpecJsonContext.Default.RunSpec)!;
        }
        catch (JsonException exception) when (exception.Path is { Length: > 2 } path)
        {
            throw new InvalidInputException($"{Subject}: field '{path[2..]}' has a value of the wrong type or range", exception);
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException($"{Subject}: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }

        try
        {
            RunSpecValidator.Validate(spec);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{Subject}: {exception.Message}", exception);
        }

        return spec;
    }

    /// <summary>Lower-case hexadecimal SHA-256 of the canonical form in UTF-8.</summary>
    /// <param name="spec">A valid specification.</param>
    public static string Sha256(RunSpec spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Serialize(spec))));

    /// <summary>Compares the names of an object's fields with those that its type has, and so on below it.</summary>
    private static void CheckFields(JsonElement element, JsonTypeInfo type, string prefix)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            var where = prefix.Length == 0 ? "" : $" field '{prefix[..^1]}'";
            throw new InvalidInputException($"{Subject}:{where} is {Describe(element.ValueKind)}, expected an object");
        }

        // Properties that are ignored are listed without an accessor.
        var properties = type.Properties.Where(property => property.Get is not null).ToArray();
        foreach (var field in element.EnumerateObject())
        {
            if (properties.All(property => property.Name != field.Name))
            {
                var names = string.Join(", ", properties.Select(property => property.Name));
                throw new InvalidInputException($"{Subject}: unknown field '{prefix}{field.Name}', expected one of {names}");
            }
        }

        foreach (var property in properties)
        {
            var path = prefix + property.Name;
            if (!element.TryGetProperty(property.Name, out var value))
            {
                throw new InvalidInputException($"{Subject}: field '{path}' is missing");
            }

            if (value.ValueKind == JsonValueKind.Null && Nullable.GetUnderlyingType(property.PropertyType) is null)
            {
                throw new InvalidInputException($"{Subject}: field '{path}' is null, expected a value");
            }

            var nested = RunSpecJsonContext.Default.GetTypeInfo(property.PropertyType)!;
            if (nested.Kind == JsonTypeInfoKind.Object)
            {
                CheckFields(value, nested, path + ".");
            }
        }
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}

/// <summary>Generated readers and writers of <see cref="RunSpec"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    WriteIndented = false)]
[JsonSerializable(typeof(RunSpec))]
internal sealed partial class RunSpecJsonContext : JsonSerializerContext;
