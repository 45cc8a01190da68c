using System.Collections.Concurrent;
using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Coordinator.Service.Results;

/// <summary>A model that is asked about one image at a time, by many callers at once.</summary>
/// <param name="runId">The run that trained it.</param>
/// <param name="network">Name of the network.</param>
/// <param name="state">(parameters, running statistics).</param>
internal sealed class DigitClassifier(string runId, string network, float[] state)
{
    /// <summary>Engines that nobody uses at the moment: as many as callers were there at once.</summary>
    private readonly ConcurrentBag<SimdGradientEngine> _idle = [];

    /// <summary>Says which digit an image shows.</summary>
    /// <param name="image">(28, 28), normalized as in <see cref="PixelScale"/>.</param>
    /// <exception cref="ServiceException">The model computes no numbers.</exception>
    public PredictionView Predict(ReadOnlySpan<float> image)
    {
        if (!_idle.TryTake(out var engine))
        {
            engine = new SimdGradientEngine(Networks.Create(network), batchCapacity: 1);
            engine.LoadState(state);
        }

        var probabilities = new float[ImageSet.Classes];
        engine.Predict(image, probabilities);
        _idle.Add(engine);
        if (probabilities.Contains(float.NaN))
        {
            throw new ServiceException(ServiceProblem.Conflict, $"run {runId}: diverged, its model computes no numbers");
        }

        var confidence = probabilities.Max();
        return new PredictionView(runId, Array.IndexOf(probabilities, confidence), confidence, probabilities);
    }
}
