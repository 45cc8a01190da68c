using Mnist.Grains.Wire;

namespace Mnist.Grains.Telemetry;

/// <summary>What a parameter server measures.</summary>
internal sealed class ServerTelemetry(string runId, TimeProvider time)
{
    private readonly KeyValuePair<string, object?> _run = new(TelemetryNames.RunId, runId);

    /// <summary>The step at hand, where it is traced.</summary>
    public StepTrace Trace { get; } = new(runId, time);

    /// <summary>A frame of a worker arrived.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="isAccepted">False when it was dropped.</param>
    /// <param name="lag">Rounds between the weights that it was computed with and those at hand.</param>
    public void Received(byte[] frame, bool isAccepted, long lag)
    {
        if (TrainingMeters.FrameBytes.Enabled)
        {
            AddBytes(frame, "receive", isAccepted);
        }

        TrainingMeters.Staleness.Record(Math.Max(0, lag), _run);
    }

    /// <summary>A worker gets weights.</summary>
    public byte[] Transmitted(byte[] weights)
    {
        if (TrainingMeters.FrameBytes.Enabled)
        {
            AddBytes(weights, "transmit", isAccepted: true);
        }

        return weights;
    }

    /// <summary>A step was applied to the weights.</summary>
    public void StepApplied(double seconds, int samples)
    {
        TrainingMeters.StepDuration.Record(seconds, _run);
        TrainingMeters.Images.Add(samples, _run);
        Trace.Apply();
    }

    /// <summary>The lead reports its speed.</summary>
    public void Reported(double imagesPerSecond) => TrainingMeters.ImageRate.Record(imagesPerSecond, _run);

    /// <summary>Slices were late and went to a second worker.</summary>
    public void Speculated(int slices) => TrainingMeters.SpeculatedSlices.Add(slices, _run);

    /// <summary>Waits for a checkpoint to be written.</summary>
    public async Task WriteCheckpointAsync(Task writing)
    {
        var begun = time.GetTimestamp();
        try
        {
            await writing;
            TrainingMeters.CheckpointDuration.Record(time.GetElapsedTime(begun).TotalSeconds, _run);
        }
        catch (Exception exception)
        {
            TrainingMeters.CheckpointDuration.Record(
                time.GetElapsedTime(begun).TotalSeconds, _run, new(TelemetryNames.ErrorType, exception.GetType().FullName));
            throw;
        }
    }

    private void AddBytes(byte[] frame, string direction, bool isAccepted)
    {
        // What a frame says of itself is taken up only where it was found to be intact.
        var codec = isAccepted ? Frame.ReadCodec(frame) : "_OTHER";
        TrainingMeters.FrameBytes.Add(
            frame.Length, _run, new(TelemetryNames.Direction, direction), new(TelemetryNames.Codec, codec),
            new(TelemetryNames.Outcome, isAccepted ? "accepted" : "dropped"));
    }
}
