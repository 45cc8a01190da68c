using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;

namespace Mnist.Benchmarks.Comparison;

/// <summary>What is compared, and where.</summary>
/// <param name="Machine">Processor, cores, system.</param>
/// <param name="Torch">Version of PyTorch.</param>
/// <param name="ChannelsLast">Whether PyTorch keeps activations as (n, y, x, channel).</param>
internal sealed record ComparedEvent(string Machine, string Torch, bool ChannelsLast) : OutputEvent("compared");

/// <summary>A throughput was measured.</summary>
internal sealed record MeasuredEvent(Measurement Measurement) : OutputEvent("measured");

/// <summary>A recipe was trained.</summary>
internal sealed record TrainedEvent(TrainedRecipe Recipe) : OutputEvent("trained");

/// <summary>What the measurements of a network come to.</summary>
internal sealed record NetworkEvent(NetworkSummary Summary) : OutputEvent("network");

/// <summary>What whole runs come to.</summary>
internal sealed record RaceEvent(RaceSummary Summary) : OutputEvent("race");

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ComparedEvent))]
[JsonSerializable(typeof(MeasuredEvent))]
[JsonSerializable(typeof(TrainedEvent))]
[JsonSerializable(typeof(NetworkEvent))]
[JsonSerializable(typeof(RaceEvent))]
internal sealed partial class ComparisonJsonContext : JsonSerializerContext;
