namespace Mnist.Coordinator.Service;

/// <summary>How a run went.</summary>
/// <param name="Epochs">Results of the completed epochs.</param>
/// <param name="Steps">Loss over the steps, ascending: means over a few steps each, of completed epochs and of the one in progress.</param>
/// <param name="Throughput">Throughput over time, ascending.</param>
public sealed record RunMetrics(
    IReadOnlyList<EpochMetrics> Epochs, IReadOnlyList<StepPoint> Steps, IReadOnlyList<ThroughputPoint> Throughput);

/// <summary>Result of an epoch.</summary>
public sealed record EpochMetrics
{
    /// <summary>Epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps applied when it was over.</summary>
    public required long Step { get; init; }

    /// <summary>Mean training loss, nats.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Training accuracy as trained, 0 to 1.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>Accuracy on the validation samples, 0 to 1; null where there are none.</summary>
    public required double? ValidationAccuracy { get; init; }

    /// <summary>Mean loss on the test split, nats.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Accuracy on the test split, 0 to 1.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>Learning rate of the last step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Seconds of training, evaluation apart.</summary>
    public required double Seconds { get; init; }

    /// <summary>Loss over the epoch's steps; may be empty.</summary>
    public IReadOnlyList<StepPoint> Steps { get; init; } = [];
}

/// <summary>Loss at a step.</summary>
/// <param name="Step">Step of the run, from 1: the last one of those that the loss is a mean of.</param>
/// <param name="Loss">Mean loss, nats.</param>
public sealed record StepPoint(long Step, double Loss);

/// <summary>Throughput at a moment.</summary>
/// <param name="Seconds">Seconds of training until then.</param>
/// <param name="ImagesPerSecond">Samples applied a second.</param>
public sealed record ThroughputPoint(double Seconds, double ImagesPerSecond);
