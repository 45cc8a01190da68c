namespace Mnist.Learning.Models;

/// <summary>
/// Where every tensor of a network lies in its flat vectors. Two vectors matter:
/// the <em>state</em> is (parameters, running statistics), <see cref="StateLength"/> floats;
/// a <em>contribution</em> is what a slice adds to a step: (gradient, batch statistics, loss, correct),
/// <see cref="ContributionLength"/> floats, each a sum over the samples of the slice. Since everything a step
/// needs is one vector of sums, one reduction tree serves it all.
/// </summary>
public sealed class ModelLayout
{
    /// <summary>Elements at the end of a contribution: the sum of losses, the number of correct predictions.</summary>
    public const int MetricCount = 2;

    /// <summary>Creates a layout from tensors that lie back to back, parameters before statistics.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="tensors">Tensors in the order of their offsets.</param>
    /// <exception cref="ArgumentException">The tensors leave a gap, overlap, or a statistic precedes a parameter.</exception>
    public ModelLayout(string network, IReadOnlyList<TensorSpec> tensors)
    {
        Network = network;
        Tensors = tensors;
        var offset = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset != offset)
            {
                throw new ArgumentException($"tensor {tensor.Name} starts at {tensor.Offset}, expected {offset}", nameof(tensors));
            }

            offset += tensor.Length;
            if (tensor.Kind == TensorKind.Parameter)
            {
                if (ParameterCount != tensor.Offset)
                {
                    throw new ArgumentException($"parameter {tensor.Name} follows a statistic", nameof(tensors));
                }

                ParameterCount = offset;
            }
        }

        StateLength = offset;
    }

    /// <summary>Name of the network, for example <c>tiny</c>.</summary>
    public string Network { get; }

    /// <summary>All tensors, parameters first.</summary>
    public IReadOnlyList<TensorSpec> Tensors { get; }

    /// <summary>Number of trained parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Length of the state vector: parameters, then running statistics.</summary>
    public int StateLength { get; }

    /// <summary>Length of a contribution: gradient, batch statistics, then <see cref="MetricCount"/> metrics.</summary>
    public int ContributionLength => StateLength + MetricCount;

    /// <summary>Index in a contribution of the sum of the cross-entropy losses (nats).</summary>
    public int LossIndex => StateLength;

    /// <summary>Index in a contribution of the number of samples that were classified correctly.</summary>
    public int CorrectIndex => StateLength + 1;
}
