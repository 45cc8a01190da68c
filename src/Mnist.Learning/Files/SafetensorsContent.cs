namespace Mnist.Learning.Files;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">Tensors in the order of their bytes.</param>
/// <param name="Metadata">Text about them.</param>
public sealed record SafetensorsContent(IReadOnlyList<SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A named tensor of float32.</summary>
/// <param name="Name">Dotted name as in PyTorch.</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="Values">Elements, the last extent running fastest.</param>
public sealed record SafetensorsTensor(string Name, IReadOnlyList<int> Shape, float[] Values);
