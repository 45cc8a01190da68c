using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Grains.Compute;

/// <summary>
/// What the grains need of the network and the data. In production <see cref="TrainingModel"/>; a simulation may put a
/// small exact stand-in here, so that the protocol gets the time.
/// </summary>
public interface ITrainingModel
{
    /// <summary>What computes the gradients, as results name it: <c>simd</c>, <c>torch (cpu)</c>.</summary>
    string Engine { get; }

    /// <summary>Layout of the state vector of a run.</summary>
    /// <param name="spec">The run.</param>
    ModelLayout GetLayout(RunSpec spec);

    /// <summary>The images that a run is measured on: first those for validation, then the test split.</summary>
    /// <param name="spec">The run.</param>
    /// <exception cref="Learning.InvalidInputException">The data set at hand is not the specification's.</exception>
    EvaluationSamples GetEvaluationSamples(RunSpec spec);

    /// <summary>Makes what computes slices for one worker.</summary>
    /// <param name="spec">The run.</param>
    /// <exception cref="Learning.InvalidInputException">The data set at hand is not the specification's.</exception>
    ISliceComputer CreateComputer(RunSpec spec);
}

/// <summary>The images that a run is measured on.</summary>
/// <param name="Validation">Images held out of the training split; may be empty.</param>
/// <param name="Test">The test split.</param>
public sealed record EvaluationSamples(ImageSet Validation, ImageSet Test)
{
    /// <summary>Images of both.</summary>
    public int Count => Validation.Count + Test.Count;
}

/// <summary>Computes slices with weights that it holds. Used by one thread at a time.</summary>
public interface ISliceComputer : IDisposable
{
    /// <summary>Takes weights over.</summary>
    /// <param name="state">(parameters, running statistics).</param>
    void LoadState(ReadOnlySpan<float> state);

    /// <summary>The contribution of slice (step, slice): a pure function of the specification and the weights.</summary>
    /// <param name="step">Step of the run.</param>
    /// <param name="slice">Index of the slice.</param>
    /// <param name="contribution">Receives the sums over the slice.</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken);

    /// <summary>Class probabilities of evaluation samples, by the order of <see cref="EvaluationSamples"/>.</summary>
    /// <param name="first">Index of the first sample.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="probabilities">(count, 10), receives the probabilities.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken);
}
