using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Service;

/// <summary>The proof that nothing was lost or applied twice.</summary>
/// <param name="Total">Over the whole run.</param>
/// <param name="SamplesPerEpoch">Samples that every epoch has to apply.</param>
/// <param name="Epochs">Each epoch that was begun: how many samples of it were applied.</param>
public sealed record LedgerView(LedgerSummary Total, int SamplesPerEpoch, IReadOnlyList<LedgerEpoch> Epochs);

/// <summary>What became of the samples of an epoch.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Samples">Samples applied.</param>
/// <param name="IsComplete">Whether the epoch is over.</param>
public sealed record LedgerEpoch(int Epoch, long Samples, bool IsComplete);

/// <summary>How often test images of each class were taken for each class.</summary>
/// <param name="Epoch">Epoch after which they were classified, from 1.</param>
/// <param name="Total">Images.</param>
/// <param name="Correct">Images that were classified correctly.</param>
/// <param name="Counts">(10, 10): for every class, how many of its images were taken for each class.</param>
/// <param name="Precision">(10): part of the images taken for a class that are of it, 0 to 1; null where there are none.</param>
/// <param name="Recall">(10): part of the images of a class that were taken for it, 0 to 1; null where there are none.</param>
public sealed record ConfusionView(
    int Epoch,
    int Total,
    int Correct,
    IReadOnlyList<IReadOnlyList<int>> Counts,
    IReadOnlyList<double?> Precision,
    IReadOnlyList<double?> Recall);

/// <summary>Which test images to show.</summary>
/// <param name="Correct">Only those classified correctly, or only the others; null for both.</param>
/// <param name="Label">Only those of a class.</param>
/// <param name="Predicted">Only those taken for a class.</param>
/// <param name="LeastConfidentFirst">The least confident first instead of the most confident.</param>
/// <param name="Offset">Images to skip.</param>
/// <param name="Limit">The most images.</param>
public sealed record SampleQuery(
    bool? Correct = null, int? Label = null, int? Predicted = null, bool LeastConfidentFirst = false, int Offset = 0, int Limit = 50);

/// <summary>A test image and what the model says about it.</summary>
/// <param name="Index">Index in the test split.</param>
/// <param name="Label">What it is.</param>
/// <param name="Predicted">What it was taken for.</param>
/// <param name="Confidence">Probability of the prediction, 0 to 1.</param>
/// <param name="Probabilities">(10), of every class.</param>
/// <param name="Pixels">(28, 28), 0 is paper and 255 is ink.</param>
public sealed record SampleView(
    int Index, int Label, int Predicted, float Confidence, IReadOnlyList<float> Probabilities, byte[] Pixels);

/// <summary>What a model says about an image.</summary>
/// <param name="RunId">The run that trained it.</param>
/// <param name="Digit">Most probable digit.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Probabilities">(10), of every digit.</param>
public sealed record PredictionView(string RunId, int Digit, float Confidence, IReadOnlyList<float> Probabilities);
