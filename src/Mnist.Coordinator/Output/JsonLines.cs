using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mnist.Coordinator.Output;

/// <summary>Writes machine-readable output: one JSON object a line.</summary>
internal static class JsonLines
{
    /// <summary>Writes a line to standard output.</summary>
    public static void Write<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));
}

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StartedEvent))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(EpochEvent))]
[JsonSerializable(typeof(PausedEvent))]
[JsonSerializable(typeof(FetchEvent))]
[JsonSerializable(typeof(TextEvent))]
[JsonSerializable(typeof(EvaluationEvent))]
[JsonSerializable(typeof(PredictionEvent))]
[JsonSerializable(typeof(FetchedEvent))]
[JsonSerializable(typeof(FileEvent))]
internal sealed partial class EventJsonContext : JsonSerializerContext;
