using Mnist.Grains.Contracts;

namespace Mnist.Coordinator.Training;

/// <summary>What a run that was trained to the end came to.</summary>
/// <param name="Progress">Its last progress.</param>
/// <param name="State">(parameters, running statistics) that the last evaluation used.</param>
/// <param name="TestProbabilities">(test images, 10), of the last evaluation.</param>
/// <param name="ImagesPerSecond">Samples that this attempt applied over the seconds that it trained.</param>
internal sealed record TrainingOutcome(RunProgress Progress, float[] State, float[] TestProbabilities, double ImagesPerSecond);

/// <summary>How an attempt to train a run ended.</summary>
/// <param name="Status"><see cref="RunStatus.Completed"/>, <see cref="RunStatus.Paused"/> or <see cref="RunStatus.Cancelled"/>.</param>
/// <param name="Outcome">What it came to; null unless it was completed.</param>
internal sealed record TrainingEnd(RunStatus Status, TrainingOutcome? Outcome);
