namespace Mnist.Learning.Models;

/// <summary>A network: its layers in the order of the forward pass, and where their tensors lie in the flat vectors.</summary>
/// <param name="Name">Name of the network, for example <c>tiny</c>.</param>
/// <param name="Layers">Layers from the image to the ten class scores.</param>
/// <param name="Layout">Layout of the state and contribution vectors.</param>
public sealed record NetworkDefinition(string Name, IReadOnlyList<LayerSpec> Layers, ModelLayout Layout)
{
    /// <summary>Multiplications with addition in the forward pass of one image, those with padding included.</summary>
    public long ForwardMultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>
    /// Multiplications with addition in the forward and backward pass of one image: a layer with weights needs its forward
    /// figure three times (output, weight gradient, input gradient), but the first one needs no input gradient.
    /// </summary>
    public long TrainingMultiplyAdds => (3 * ForwardMultiplyAdds) - Layers.First(layer => layer.MultiplyAdds > 0).MultiplyAdds;
}
