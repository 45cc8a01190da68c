using Mnist.Coordinator.Output;
using Mnist.Coordinator.Service.Runs;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Service.Results;

/// <summary>Puts together what came of runs.</summary>
internal sealed class RunResults(RunRegistry registry, EvaluationStore evaluations, ModelStore models, Dataset dataset) : IRunResults
{
    /// <inheritdoc/>
    public RunMetrics GetMetrics(string runId) => registry.Get(runId).Read(history => history.Metrics);

    /// <inheritdoc/>
    public LedgerView GetLedger(string runId)
    {
        var run = registry.Get(runId);
        var (view, completed) = (run.View(null), run.Read(history => history.LastEpoch));
        var size = run.Spec.TrainingSamples;
        var epochs = Enumerable.Range(0, completed).Select(epoch => new LedgerEpoch(epoch + 1, size, IsComplete: true)).ToList();
        var begun = view.Progress.Ledger.Samples - ((long)completed * size);
        if (begun > 0)
        {
            epochs.Add(new LedgerEpoch(completed + 1, begun, IsComplete: false));
        }

        return new LedgerView(view.Progress.Ledger, size, epochs);
    }

    /// <inheritdoc/>
    public async Task<ConfusionView> GetConfusionAsync(string runId, CancellationToken cancellationToken)
    {
        var evaluation = await evaluations.GetAsync(registry.Get(runId), cancellationToken);
        var confusion = evaluation.Summary.Confusion;
        var classes = Enumerable.Range(0, ImageSet.Classes).ToArray();
        return new ConfusionView(
            evaluation.Epoch,
            confusion.Total,
            confusion.Correct,
            [.. classes.Select(label => (IReadOnlyList<int>)[.. classes.Select(predicted => confusion[label, predicted])])],
            [.. classes.Select(predicted => FiniteNumber.OrNull(confusion.Precision(predicted)))],
            [.. classes.Select(label => FiniteNumber.OrNull(confusion.Recall(label)))]);
    }

    /// <inheritdoc/>
    public async Task<Page<SampleView>> GetSamplesAsync(string runId, SampleQuery query, CancellationToken cancellationToken)
    {
        var evaluation = await evaluations.GetAsync(registry.Get(runId), cancellationToken);
        var wanted = evaluation.Summary.Predictions.Where(prediction =>
            (query.Correct is null || prediction.IsCorrect == query.Correct)
            && (query.Label is null || prediction.Label == query.Label)
            && (query.Predicted is null || prediction.Predicted == query.Predicted)).ToArray();
        var sorted = query.LeastConfidentFirst
            ? wanted.OrderBy(prediction => prediction.Probability)
            : wanted.OrderByDescending(prediction => prediction.Probability);
        var page = sorted.ThenBy(prediction => prediction.Index).Skip(query.Offset).Take(query.Limit);
        return new Page<SampleView>([.. page.Select(prediction => View(prediction, evaluation))], wanted.Length, query.Offset);
    }

    /// <inheritdoc/>
    public Task<byte[]> GetModelAsync(string runId, CancellationToken cancellationToken) =>
        models.GetFileAsync(registry.Get(runId), cancellationToken);

    /// <inheritdoc/>
    public async Task<PredictionView> PredictAsync(
        string? runId, ReadOnlyMemory<float> pixels, bool center, CancellationToken cancellationToken)
    {
        var image = DigitReader.FromPixels(pixels.Span, center);
        return (await models.GetClassifierAsync(runId, cancellationToken)).Predict(image);
    }

    /// <inheritdoc/>
    public async Task<PredictionView> PredictPictureAsync(
        string? runId, ReadOnlyMemory<byte> png, CancellationToken cancellationToken)
    {
        var image = DigitReader.FromPng(png.Span);
        return (await models.GetClassifierAsync(runId, cancellationToken)).Predict(image);
    }

    private SampleView View(Prediction prediction, RunEvaluation evaluation) => new(
        prediction.Index,
        prediction.Label,
        prediction.Predicted,
        prediction.Probability,
        evaluation.Probabilities.AsSpan(prediction.Index * ImageSet.Classes, ImageSet.Classes).ToArray(),
        dataset.Test.Image(prediction.Index).ToArray());
}
