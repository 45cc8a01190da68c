namespace Mnist.Coordinator.Service;

/// <summary>What came of runs so far.</summary>
public interface IRunResults
{
    /// <summary>Loss, accuracy and throughput.</summary>
    RunMetrics GetMetrics(string runId);

    /// <summary>What became of the samples.</summary>
    LedgerView GetLedger(string runId);

    /// <summary>How often test images of each class were taken for each class, after the last epoch.</summary>
    Task<ConfusionView> GetConfusionAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Test images with what the model said after the last epoch.</summary>
    Task<Page<SampleView>> GetSamplesAsync(string runId, SampleQuery query, CancellationToken cancellationToken);

    /// <summary>The file <c>model.safetensors</c>: of a run that is not completed, the weights as they are now.</summary>
    Task<byte[]> GetModelAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Says which digit an image shows.</summary>
    /// <param name="runId">The run whose model is asked; null for the newest that is completed.</param>
    /// <param name="pixels">(28, 28), 0 is paper and 1 is ink.</param>
    /// <param name="center">Whether to crop, scale and center the digit as MNIST's are, before the model sees it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<PredictionView> PredictAsync(string? runId, ReadOnlyMemory<float> pixels, bool center, CancellationToken cancellationToken);

    /// <summary>Says which digit a PNG picture of any size shows.</summary>
    /// <param name="runId">The run whose model is asked; null for the newest that is completed.</param>
    /// <param name="png">The file.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<PredictionView> PredictPictureAsync(string? runId, ReadOnlyMemory<byte> png, CancellationToken cancellationToken);
}
