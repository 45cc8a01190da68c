using System.Text.Json.Serialization;
using Mnist.Coordinator.Output;

namespace Mnist.Benchmarks.Kernels;

/// <summary>A part of a layer was measured.</summary>
internal sealed record LayerEvent(string Network, LayerMeasurement Layer) : OutputEvent("layer");

/// <summary>Whole steps were measured.</summary>
internal sealed record StepEvent(StepMeasurement Step) : OutputEvent("step");

/// <summary>Generated writers of the events.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LayerEvent))]
[JsonSerializable(typeof(StepEvent))]
internal sealed partial class KernelJsonContext : JsonSerializerContext;
