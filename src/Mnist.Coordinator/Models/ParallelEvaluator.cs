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
    public static EvaluationSummary Evaluate(ModelFile model, ImageSet images, CancellationToken cancellationToken)
    {
        // Every image is computed by itself, so that the split makes no difference to the result.
        var parts = Math.Clamp(images.Count / BatchCapacity, 1, Environment.ProcessorCount);
        var probabilities = new float[images.Count * ImageSet.Classes];
        Parallel.For(0, parts, new ParallelOptions { CancellationToken = cancellationToken }, part =>
        {
            var (start, end) = (images.Count * part / parts, images.Count * (part + 1) / parts);
            Predict(
                model,
                images.Slice(start, end - start),
                probabilities.AsSpan(start * ImageSet.Classes, (end - start) * ImageSet.Classes),
                cancellationToken);
        });
        return EvaluationSummary.FromProbabilities(probabilities, images.Labels.Span);
    }

    /// <summary>Class probabilities of images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="probabilities">(count, 10), receives the probabilities.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public static void Predict(ModelFile model, ImageSet images, Span<float> probabilities, CancellationToken cancellationToken)
    {
        using var engine = new SimdGradientEngine(Networks.Create(model.Layout.Network), BatchCapacity);
        engine.LoadState(model.State);
        new Evaluator(engine).Predict(images, probabilities, cancellationToken);
    }
}
