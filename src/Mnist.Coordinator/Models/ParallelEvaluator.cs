using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Files;
using Mnist.Learning.Models;

namespace Mnist.Coordinator.Models;

/// <summary>Runs a model over images on all processors.</summary>
internal static class ParallelEvaluator
{
    private const int BatchCapacity = 64;

    /// <summary>Predicts labelled images and sums up how well that went.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">At least one image.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public static EvaluationSummary Evaluate(ModelFile model, ImageSet images, CancellationToken cancellationToken) =>
        EvaluationSummary.FromProbabilities(
            Predict(model.Layout.Network, model.State, images, cancellationToken), images.Labels.Span);

    /// <summary>Class probabilities of images.</summary>
    /// <param name="network">Name of the network.</param>
    /// <param name="state">(parameters, running statistics).</param>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <returns>(count, 10).</returns>
    public static float[] Predict(string network, float[] state, ImageSet images, CancellationToken cancellationToken = default)
    {
        // Every image is computed by itself, so that the split makes no difference to the result.
        var parts = Math.Clamp(images.Count / BatchCapacity, 1, Environment.ProcessorCount);
        var probabilities = new float[images.Count * ImageSet.Classes];
        Parallel.For(0, parts, new ParallelOptions { CancellationToken = cancellationToken }, part =>
        {
            var (start, end) = (images.Count * part / parts, images.Count * (part + 1) / parts);
            using var engine = new SimdGradientEngine(Networks.Create(network), BatchCapacity);
            engine.LoadState(state);
            new Evaluator(engine).Predict(
                images.Slice(start, end - start),
                probabilities.AsSpan(start * ImageSet.Classes, (end - start) * ImageSet.Classes),
                cancellationToken);
        });
        return probabilities;
    }
}
