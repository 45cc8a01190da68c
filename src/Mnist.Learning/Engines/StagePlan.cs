using Mnist.Learning.Models;

namespace Mnist.Learning.Engines;

/// <summary>A layer with weights and the layers behind it that are computed together with it, in this order.</summary>
/// <param name="Weighted">A convolution or a dense layer.</param>
/// <param name="Pool">Pooling, after a convolution only.</param>
/// <param name="Normalization">Batch normalization, after a convolution only.</param>
/// <param name="Relu">Rectifier; always there after a normalization and before a dropout.</param>
/// <param name="Dropout">Dropout.</param>
internal sealed record StagePlan(
    LayerSpec Weighted, MaxPoolLayer? Pool, BatchNormalizationLayer? Normalization, ReluLayer? Relu, DropoutLayer? Dropout)
{
    /// <summary>Shape of what the stage writes.</summary>
    public MapShape Output => Pool?.Output ?? Weighted.Output;

    /// <summary>Border that the stage's input needs.</summary>
    public int Padding => Weighted is ConvolutionLayer convolution ? convolution.Padding : 0;

    /// <summary>Cuts a network into stages.</summary>
    /// <exception cref="ArgumentException">The layers come in an order that has no kernels.</exception>
    public static IReadOnlyList<StagePlan> Cut(NetworkDefinition network)
    {
        var stages = new List<StagePlan>();
        var next = 0;
        T? Take<T>()
            where T : LayerSpec
        {
            var layer = next < network.Layers.Count ? network.Layers[next] as T : null;
            next += layer is null ? 0 : 1;
            return layer;
        }

        while (next < network.Layers.Count)
        {
            var convolution = Take<ConvolutionLayer>();
            var stage = convolution is null
                ? new StagePlan(
                    Take<DenseLayer>() ?? throw Unsupported(network, next), null, null, Take<ReluLayer>(), null)
                : new StagePlan(convolution, Take<MaxPoolLayer>(), Take<BatchNormalizationLayer>(), Take<ReluLayer>(), null);
            stages.Add(stage.Relu is null ? stage : stage with { Dropout = Take<DropoutLayer>() });
            if (stage.Normalization is not null && stage.Relu is null)
            {
                throw Unsupported(network, next);
            }
        }

        return stages;
    }

    private static ArgumentException Unsupported(NetworkDefinition network, int layer) =>
        new($"network {network.Name}: no kernel for the order of its layers at index {layer}", nameof(network));
}
