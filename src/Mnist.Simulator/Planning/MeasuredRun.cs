namespace Mnist.Simulator.Planning;

/// <summary>What a real training run took.</summary>
/// <param name="Gaps">From the end of a worker's computing to the beginning of its next.</param>
/// <param name="ImagesPerSecond">Of all its epochs but the first, in which code is compiled, as users see them.</param>
internal sealed record MeasuredRun(Stretch Gaps, double ImagesPerSecond);
