using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Files;

namespace Mnist.Coordinator.Output;

/// <summary>How well a model does on the test split of a data set.</summary>
/// <param name="Model">File of the model.</param>
/// <param name="WeightsSha256">Hash of its weights.</param>
/// <param name="Dataset">Name of the data set.</param>
/// <param name="DatasetSha256">Hash of the data set.</param>
/// <param name="Images">Images of the test split.</param>
/// <param name="Accuracy">Part of them that was classified correctly, 0 to 1.</param>
/// <param name="Loss">Mean loss, nats; null where the model computes no numbers.</param>
/// <param name="Seconds">Seconds that the evaluation took.</param>
/// <param name="Confusion">For every class, how many of its images were taken for each class.</param>
internal sealed record EvaluationEvent(
    string Model,
    string WeightsSha256,
    string Dataset,
    string DatasetSha256,
    int Images,
    double Accuracy,
    double? Loss,
    double Seconds,
    int[][] Confusion) : OutputEvent("evaluation")
{
    /// <summary>Makes the event of an evaluation.</summary>
    public static EvaluationEvent From(string path, ModelFile model, Dataset dataset, EvaluationSummary summary, TimeSpan time) => new(
        path,
        model.WeightsSha256,
        dataset.Name,
        dataset.Sha256,
        summary.Confusion.Total,
        summary.Accuracy,
        FiniteNumber.OrNull(summary.Loss),
        time.TotalSeconds,
        [.. Enumerable.Range(0, ImageSet.Classes).Select(label =>
            Enumerable.Range(0, ImageSet.Classes).Select(predicted => summary.Confusion[label, predicted]).ToArray())]);
}
