namespace Mnist.Coordinator.Service;

/// <summary>How a run went.</summary>
/// <param name="Epochs">Results of the completed epochs.</param>
/// <param name="Steps">Loss over the steps, ascending: means over a few steps each, of completed epochs and of the one in progress.</param>
/// <param name="Throughput">Throughput over time, ascending.</param>
public sealed record RunMetrics(
    IReadOnlyList<EpochMetrics> Epochs, IReadOnlyList<StepPoint> Steps, IReadOnlyList<ThroughputPoint> Throughput);

/// <summary>Loss at a step.</summary>
/// <param name="Step">Step of the run, from 1: the last one of those that the loss is a mean of.</param>
/// <param name="Loss">Mean loss, nats; null where the run diverged.</param>
public sealed record StepPoint(long Step, double? Loss);

/// <summary>Throughput at a moment.</summary>
/// <param name="Seconds">Seconds of training until then.</param>
/// <param name="ImagesPerSecond">Samples applied a second.</param>
public sealed record ThroughputPoint(double Seconds, double ImagesPerSecond);
