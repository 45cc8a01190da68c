using Mnist.Learning.Kernels;
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
    /// <exception cref="ArgumentException">There are no kernels for the layers or their order.</exception>
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
            var previous = stages.Count > 1 ? stages[^2] : null;
            if (!stage.HasKernels || (stage.Padding > 0 && previous is not null && !previous.CanWriteBorders))
            {
                throw Unsupported(network, next - 1);
            }
        }

        return stages;
    }

    /// <summary>Only normalization writes to another map than it reads, which may have a border; the others work in place.</summary>
    private bool CanWriteBorders => Normalization is not null && Output.Width * Output.Channels % AlignedBuffer.Line == 0;

    /// <summary>Whether the extents are such that kernels never meet a part of a vector.</summary>
    private bool HasKernels => Weighted is ConvolutionLayer
        ? Weighted.Output.Channels is 8 or 16 or 32 or 64
            && Output.Length % AlignedBuffer.Line == 0
            && (Pool is null || ((Weighted.Output.Height | Weighted.Output.Width) & 1) == 0)
            && (Normalization is null || Relu is not null)
        : Output.Channels % AlignedBuffer.Line == 0 || Output.Channels < AlignedBuffer.Line;

    private static ArgumentException Unsupported(NetworkDefinition network, int layer) =>
        new($"network {network.Name}: no kernel for its layers up to index {layer}", nameof(network));
}
