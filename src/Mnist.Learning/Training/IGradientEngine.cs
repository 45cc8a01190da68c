using Mnist.Learning.Models;

namespace Mnist.Learning.Training;

/// <summary>
/// Computes contributions and predictions of one network. An engine owns its working memory and is used by one thread at a
/// time, not always the same one. Engines agree within rounding; only <see cref="Engines.SimdGradientEngine"/> promises more.
/// </summary>
public interface IGradientEngine : IDisposable
{
    /// <summary>Layout of the vectors that the engine reads and writes.</summary>
    ModelLayout Layout { get; }

    /// <summary>The most samples in one call of <see cref="ComputeContribution"/> or <see cref="Predict"/>.</summary>
    int BatchCapacity { get; }

    /// <summary>Takes a state vector over (copies and packs it); later calls compute with it.</summary>
    /// <param name="state">(parameters, running statistics), <see cref="ModelLayout.StateLength"/> floats.</param>
    void LoadState(ReadOnlySpan<float> state);

    /// <summary>
    /// Forward and backward pass in training mode over one slice: batch normalization uses the statistics of the slice,
    /// dropout masks are drawn from the samples' keys.
    /// </summary>
    /// <param name="images">(n, 28, 28), normalized pixels.</param>
    /// <param name="labels">(n), classes 0 to 9.</param>
    /// <param name="dropoutKeys">(n), a key for each sample and epoch; read only by networks with dropout.</param>
    /// <param name="contribution">
    /// Receives the sums over the slice, <see cref="ModelLayout.ContributionLength"/> floats; overwritten. All zero when n is 0.
    /// </param>
    /// <param name="cancellationToken">Checked between layers, so that a slice that is no longer needed is dropped at once.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the contribution is then undefined.</exception>
    void ComputeContribution(
        ReadOnlySpan<float> images,
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<ulong> dropoutKeys,
        Span<float> contribution,
        CancellationToken cancellationToken);

    /// <summary>Class probabilities in evaluation mode: running statistics, no dropout.</summary>
    /// <param name="images">(n, 28, 28), normalized pixels.</param>
    /// <param name="probabilities">(n, 10), receives the softmax of the outputs.</param>
    void Predict(ReadOnlySpan<float> images, Span<float> probabilities);
}
