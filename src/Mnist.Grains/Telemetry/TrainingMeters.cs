using System.Diagnostics.Metrics;

namespace Mnist.Grains.Telemetry;

/// <summary>The instruments of training. Recording costs next to nothing while nobody listens.</summary>
internal static class TrainingMeters
{
    private static readonly Meter Meter = new(TelemetryNames.Source);

    // A step takes from half a millisecond ("mlp") to seconds; the boundaries that are usual elsewhere begin at five milliseconds.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries =
            [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };

    private static readonly InstrumentAdvice<long> Rounds = new() { HistogramBucketBoundaries = [0, 1, 2, 3, 5, 10, 20, 50, 100] };

    public static Histogram<double> StepDuration { get; } = CreateTimer(
        TelemetryNames.StepDuration, "Time from the beginning of a step until its weights are there.");

    public static Counter<long> Images { get; } = Meter.CreateCounter<long>(
        TelemetryNames.Images, "{image}", "Training images applied to the weights.");

    public static Gauge<double> ImageRate { get; } = Meter.CreateGauge<double>(
        TelemetryNames.ImageRate, "{image}/s", "Training images applied to the weights a second, of late.");

    public static Histogram<double> ComputeDuration { get; } = CreateTimer(
        TelemetryNames.ComputeDuration, "Time in which a worker computes the slices that it was given.");

    public static Histogram<double> WaitDuration { get; } = CreateTimer(
        TelemetryNames.WaitDuration, "Time from when a worker hands in its slices until it hears what comes next.");

    public static Counter<long> FrameBytes { get; } = Meter.CreateCounter<long>(
        TelemetryNames.FrameBytes, "By", "Bytes of frames that parameter servers receive and transmit.");

    public static Histogram<long> Staleness { get; } = Meter.CreateHistogram(
        TelemetryNames.Staleness, "{round}", "Rounds by which contributions lag behind the server that they reach.", null, Rounds);

    public static Counter<long> LeaseMoves { get; } = Meter.CreateCounter<long>(
        TelemetryNames.LeaseMoves, "{lease}", "Leases that moved from one worker to another.");

    public static Counter<long> SpeculatedSlices { get; } = Meter.CreateCounter<long>(
        TelemetryNames.SpeculatedSlices, "{slice}", "Slices given to a second worker because the first was late.");

    public static Counter<long> Recoveries { get; } = Meter.CreateCounter<long>(
        TelemetryNames.Recoveries, "{recovery}", "Times that a parameter server began again from a checkpoint.");

    public static Histogram<double> CheckpointDuration { get; } = CreateTimer(
        TelemetryNames.CheckpointDuration, "Time to write a checkpoint to the storage.");

    private static Histogram<double> CreateTimer(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, null, Durations);
}
