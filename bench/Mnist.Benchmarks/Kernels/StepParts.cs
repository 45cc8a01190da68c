using Mnist.Learning.Engines;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Benchmarks.Kernels;

/// <summary>A part of the forward and backward pass of a layer.</summary>
internal enum LayerPart
{
    /// <summary>Product with the weights, and pooling.</summary>
    Forward,

    /// <summary>Normalization, rectifier and dropout.</summary>
    Activation,

    /// <summary>Their backward pass.</summary>
    ActivationGradient,

    /// <summary>Gradient of weights and bias.</summary>
    WeightGradient,

    /// <summary>Gradient of the input.</summary>
    InputGradient,
}

/// <summary>Multiplications with addition of a part of a layer, for one image.</summary>
/// <param name="Dense">As a plain implementation does them: with padding, and with the zeros behind a pooling.</param>
/// <param name="Executed">Those that the kernels do.</param>
internal readonly record struct MultiplyAdds(double Dense, double Executed)
{
    /// <summary>Both sums.</summary>
    public static MultiplyAdds operator +(MultiplyAdds a, MultiplyAdds b) => new(a.Dense + b.Dense, a.Executed + b.Executed);

    /// <summary>Counts.</summary>
    /// <param name="plan">The layer.</param>
    /// <param name="part">The part.</param>
    /// <param name="isFirst">Whether it is the first layer, whose input needs no gradient.</param>
    /// <param name="gradients">Elements other than 0 of the gradient behind the pooling, for one image; counts only there.</param>
    public static MultiplyAdds Of(StagePlan plan, LayerPart part, bool isFirst, double gradients)
    {
        var dense = plan.Weighted.MultiplyAdds;
        var executed = plan.Weighted is ConvolutionLayer layer ? Convolution(layer, part, plan.Pool is not null, gradients) : dense;
        return part switch
        {
            LayerPart.Activation or LayerPart.ActivationGradient => default,
            LayerPart.InputGradient when isFirst => default,
            _ => new MultiplyAdds(dense, executed),
        };
    }

    /// <summary>
    /// Kernels leave out taps beside the image, but for weight gradients, and what pooling gives no gradient. Minimal filtering multiplies
    /// once for each point of a tile.
    /// </summary>
    private static double Convolution(ConvolutionLayer layer, LayerPart part, bool isPooled, double gradients)
    {
        if (part != LayerPart.Forward && isPooled)
        {
            return gradients * layer.Kernel * layer.Kernel * layer.Input.Channels;
        }

        if (Winograd.TileSize(layer, isPooled) is { } size)
        {
            var points = size + layer.Kernel - 1;
            return (double)layer.Output.Length * layer.Input.Channels * points * points / (size * size);
        }

        return part == LayerPart.WeightGradient
            ? layer.MultiplyAdds
            : (double)TapsWithin(layer.Output.Height, layer.Input.Height, layer)
                * TapsWithin(layer.Output.Width, layer.Input.Width, layer)
                * layer.Input.Channels * layer.Output.Channels;
    }

    /// <summary>Taps of a kernel's row or column that lie within the image, over all positions.</summary>
    private static int TapsWithin(int outputs, int inputs, ConvolutionLayer layer) =>
        Enumerable.Range(0, outputs).Sum(output => Enumerable.Range(output - layer.Padding, layer.Kernel)
            .Count(input => input >= 0 && input < inputs));
}
