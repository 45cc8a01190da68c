namespace Mnist.Learning.Models;

/// <summary>What a tensor of the flat state vector is for.</summary>
public enum TensorKind
{
    /// <summary>Trained by the optimizer; its place in a contribution holds a gradient.</summary>
    Parameter,

    /// <summary>Running mean of a batch normalization; its place in a contribution holds the slice's mean times its samples.</summary>
    RunningMean,

    /// <summary>Running variance of a batch normalization; its place in a contribution holds the slice's unbiased variance times its
    /// samples.</summary>
    RunningVariance,
}

/// <summary>A named tensor within the flat state vector.</summary>
/// <param name="Name">Dotted name as in PyTorch, for example <c>conv1.weight</c>.</param>
/// <param name="Shape">Extents, outermost first. Convolutions are (ky, kx, ci, co), dense layers (in, out) over (y, x, c) inputs.</param>
/// <param name="Offset">Index of the first element in the state vector.</param>
/// <param name="Kind">What the tensor is for.</param>
/// <param name="FanIn">Inputs that feed one output element, for initialization; 0 where it has no meaning.</param>
public sealed record TensorSpec(string Name, IReadOnlyList<int> Shape, int Offset, TensorKind Kind, int FanIn)
{
    /// <summary>Number of elements.</summary>
    public int Length => Shape.Aggregate(1, (product, extent) => product * extent);
}
