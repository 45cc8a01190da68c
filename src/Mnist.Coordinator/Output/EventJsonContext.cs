using System.Text.Json.Serialization;

namespace Mnist.Coordinator.Output;

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StartedEvent))]
[JsonSerializable(typeof(ProgressEvent))]
[JsonSerializable(typeof(EpochEvent))]
[JsonSerializable(typeof(PausedEvent))]
[JsonSerializable(typeof(ListeningEvent))]
[JsonSerializable(typeof(FetchEvent))]
[JsonSerializable(typeof(EvaluationEvent))]
[JsonSerializable(typeof(PredictionEvent))]
[JsonSerializable(typeof(FetchedEvent))]
[JsonSerializable(typeof(FileEvent))]
[JsonSerializable(typeof(DeletedEvent))]
internal sealed partial class EventJsonContext : JsonSerializerContext;
