namespace Mnist.Simulator.Planning;

/// <summary>What a real training run took.</summary>
/// <param name="Steps">From the beginning of a worker's computing to that of its next.</param>
/// <param name="Gaps">From the end of a worker's computing to the beginning of its next.</param>
/// <param name="ImagesPerSecond">Median over its epochs, but for the first, in which code is compiled.</param>
internal sealed record MeasuredRun(IReadOnlyList<Stretch> Steps, IReadOnlyList<Stretch> Gaps, double ImagesPerSecond);
