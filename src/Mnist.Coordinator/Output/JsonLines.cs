using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mnist.Coordinator.Output;

/// <summary>Writes machine-readable output: one JSON object a line.</summary>
internal static class JsonLines
{
    /// <summary>Writes a line to standard output.</summary>
    public static void Write<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Writes something in words to standard output.</summary>
    public static void Write(TextEvent text) => Write(text, TextEventJsonContext.Default.TextEvent);
}

/// <summary>A line of machine-readable output.</summary>
/// <param name="Event">What happened; the first field of the line.</param>
internal abstract record OutputEvent([property: JsonPropertyOrder(-1)] string Event);

/// <summary>Something in words: a <c>note</c>, or an <c>error</c>, after which the program ends.</summary>
internal sealed record TextEvent(string Event, string Message) : OutputEvent(Event);

/// <summary>Generated writer of texts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TextEvent))]
internal sealed partial class TextEventJsonContext : JsonSerializerContext;
