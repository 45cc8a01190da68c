using System.Text.Json.Serialization;

namespace Mnist.Grains.Grains;

/// <summary>Generated writers of grain states that are stored as JSON.</summary>
[JsonSerializable(typeof(RunState))]
internal sealed partial class GrainStateJsonContext : JsonSerializerContext;
