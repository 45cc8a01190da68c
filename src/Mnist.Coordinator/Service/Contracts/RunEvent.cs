using System.Text.Json;

namespace Mnist.Coordinator.Service;

/// <summary>Something that happened to a run. The events of a run are numbered from 1 without gaps, also across restarts.</summary>
/// <param name="Id">Number of the event.</param>
/// <param name="Type">What happened, one of <see cref="RunEventTypes"/>.</param>
/// <param name="At">When.</param>
/// <param name="Data">Details, as a JSON object; see <see cref="RunEventTypes"/>.</param>
public sealed record RunEvent(long Id, string Type, DateTimeOffset At, JsonElement Data);

/// <summary>What can happen to a run.</summary>
public static class RunEventTypes
{
    /// <summary>The run waits for capacity. Empty.</summary>
    public const string Queued = "queued";

    /// <summary>Training begins or goes on: <c>{ resumed }</c>.</summary>
    public const string Started = "started";

    /// <summary>How far it is, about once a second: a <see cref="RunProgressView"/>.</summary>
    public const string Progress = "progress";

    /// <summary>An epoch was trained and evaluated: an <see cref="EpochMetrics"/>.</summary>
    public const string Epoch = "epoch";

    /// <summary>Workers came, went or moved, or leases did: a <see cref="WorkersChange"/>.</summary>
    public const string Workers = "workers";

    /// <summary>Somebody injected a fault: a <see cref="FaultOrder"/>.</summary>
    public const string Fault = "fault";

    /// <summary>Something in words: <c>{ message }</c>.</summary>
    public const string Note = "note";

    /// <summary>The coordinator stopped; the run goes on when it starts again. Empty.</summary>
    public const string Suspended = "suspended";

    /// <summary>The run was paused on request. Empty.</summary>
    public const string Paused = "paused";

    /// <summary>The run was trained to the end: <c>{ testAccuracy, weightsSha256 }</c>.</summary>
    public const string Completed = "completed";

    /// <summary>The run ended by an error: <c>{ message }</c>.</summary>
    public const string Failed = "failed";

    /// <summary>The run ended on request. Empty.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Whether nothing follows an event unless somebody resumes the run.</summary>
    /// <param name="type">Type of the event.</param>
    public static bool IsEnd(string type) => type is Paused or Completed or Failed or Cancelled;
}
