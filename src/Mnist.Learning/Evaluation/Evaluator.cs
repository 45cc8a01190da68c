using Mnist.Learning.Data;
using Mnist.Learning.Training;

namespace Mnist.Learning.Evaluation;

/// <summary>Runs a network over a set of images, a batch at a time, with the state that its engine has loaded.</summary>
public sealed class Evaluator
{
    private readonly IGradientEngine _engine;
    private readonly float[] _images;

    /// <summary>Prepares working memory for one batch.</summary>
    /// <param name="engine">Engine to predict with; not owned.</param>
    public Evaluator(IGradientEngine engine)
    {
        _engine = engine;
        _images = new float[engine.BatchCapacity * ImageSet.PixelsPerImage];
    }

    /// <summary>Class probabilities of images.</summary>
    /// <param name="images">Images as stored.</param>
    /// <param name="probabilities">(count, 10), receives the probabilities.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public void Predict(ImageSet images, Span<float> probabilities, CancellationToken cancellationToken = default)
    {
        for (var start = 0; start < images.Count; start += _engine.BatchCapacity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(_engine.BatchCapacity, images.Count - start);
            var batch = _images.AsSpan(0, count * ImageSet.PixelsPerImage);
            PixelScale.Normalize(images.Pixels.Span.Slice(start * ImageSet.PixelsPerImage, batch.Length), batch);
            _engine.Predict(batch, probabilities.Slice(start * ImageSet.Classes, count * ImageSet.Classes));
        }
    }

    /// <summary>Predicts labelled images and sums up how well that went.</summary>
    /// <param name="images">At least one image.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    public EvaluationSummary Evaluate(ImageSet images, CancellationToken cancellationToken = default)
    {
        var probabilities = new float[images.Count * ImageSet.Classes];
        Predict(images, probabilities, cancellationToken);
        return EvaluationSummary.FromProbabilities(probabilities, images.Labels.Span);
    }
}
