using System.Text.Json;
using Mnist.Coordinator.Reports;

namespace Mnist.Coordinator.Service.Events;

/// <summary>What the events of a run add up to. Not safe for several threads.</summary>
internal sealed class RunHistory
{
    private readonly List<EpochMetrics> _epochs = [];
    private readonly Curve<StepPoint> _steps = new();
    private readonly Curve<StepPoint> _live = new();
    private readonly Curve<ThroughputPoint> _throughput = new();

    /// <summary>Where the run stands in its life.</summary>
    public RunPhase Phase { get; private set; } = RunPhase.Paused;

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it failed; empty otherwise.</summary>
    public string Error { get; private set; } = "";

    /// <summary>How far it is; null before it began.</summary>
    public RunProgressView? Progress { get; set; }

    /// <summary>SHA-256 of the final weights; null before its end.</summary>
    public string? WeightsSha256 { get; private set; }

    /// <summary>Results of the completed epochs.</summary>
    public IReadOnlyList<EpochMetrics> Epochs => _epochs;

    /// <summary>Who worked, and when.</summary>
    public WorkerHistory Workers { get; } = new();

    /// <summary>The last epoch whose results are known, from 1; 0 for none.</summary>
    public int LastEpoch => _epochs is [.., var last] ? last.Epoch : 0;

    /// <summary>Loss, accuracy and throughput.</summary>
    public RunMetrics Metrics
    {
        get
        {
            // The steps of completed epochs are known to the last one; of the epoch in progress, once a second.
            var known = _epochs is [.., { Step: var step }] ? step : 0;
            return new RunMetrics(
                [.. _epochs.Select(epoch => epoch with { Steps = [] })],
                [.. _steps.Points, .. _live.Points.Where(point => point.Step > known)],
                _throughput.Points);
        }
    }

    /// <summary>Takes an event in.</summary>
    public void Apply(RunEvent happened)
    {
        switch (happened.Type)
        {
            case RunEventTypes.Queued or RunEventTypes.Suspended:
                (Phase, EndedAt, Error) = (RunPhase.Queued, null, "");
                break;
            case RunEventTypes.Started:
                Phase = RunPhase.Running;
                break;
            case RunEventTypes.Progress when Read<RunProgressView>(happened) is { } progress:
                Note(progress);
                break;
            case RunEventTypes.Epoch when Read<EpochMetrics>(happened) is { } epoch && epoch.Epoch > LastEpoch:
                Add(epoch);
                break;
            case RunEventTypes.Paused:
                Phase = RunPhase.Paused;
                break;
            case RunEventTypes.Completed:
                (Phase, EndedAt, WeightsSha256) = (RunPhase.Completed, happened.At, Text(happened, "weightsSha256"));
                break;
            case RunEventTypes.Failed:
                (Phase, EndedAt, Error) = (RunPhase.Failed, happened.At, Text(happened, "message") ?? "");
                break;
            case RunEventTypes.Cancelled:
                (Phase, EndedAt) = (RunPhase.Cancelled, happened.At);
                break;
        }

        Workers.Apply(happened);
    }

    /// <summary>Takes the result of a run in that left no events of its end: it was trained by <c>mnist train</c>.</summary>
    /// <param name="result">The result.</param>
    /// <param name="progress">How far the run had come with it.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    public void Apply(ResultJson result, RunProgressView progress, int stepsPerEpoch)
    {
        (Phase, EndedAt, WeightsSha256, Progress) = (RunPhase.Completed, result.FinishedAt, result.WeightsSha256, progress);
        foreach (var epoch in result.Epochs.Where(epoch => epoch.Epoch > LastEpoch))
        {
            Add(EpochMetrics.Of(epoch, stepsPerEpoch));
        }
    }

    private void Note(RunProgressView progress)
    {
        Progress = progress;
        _throughput.Add(new ThroughputPoint(progress.TrainSeconds, progress.ImagesPerSecond));
        if (progress.Loss is { } loss)
        {
            _live.Add(new StepPoint(progress.Step, loss));
        }
    }

    private void Add(EpochMetrics epoch)
    {
        _epochs.Add(epoch);
        foreach (var point in epoch.Steps)
        {
            _steps.Add(point);
        }
    }

    private static T? Read<T>(RunEvent happened)
        where T : class
    {
        try
        {
            return happened.Data.Deserialize<T>(ServiceJson.Options);
        }
        catch (JsonException)
        {
            // Of another version: what it said is missing in the picture, and nothing else.
            return null;
        }
    }

    private static string? Text(RunEvent happened, string name) =>
        happened.Data.ValueKind == JsonValueKind.Object && happened.Data.TryGetProperty(name, out var value) ? value.GetString() : null;
}
