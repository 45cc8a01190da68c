using System.Text.Json;

namespace Mnist.Coordinator.Service.Events;

/// <summary>Who worked on a run, and when. Not safe for several threads.</summary>
internal sealed class WorkerHistory
{
    private const int MaxSpans = 4096;
    private const int MaxMarks = 512;
    private readonly List<WorkerSpan> _ended = [];
    private readonly SortedDictionary<int, WorkerSpan> _current = [];
    private readonly List<TimelineMark> _marks = [];
    private DateTimeOffset? _begun;

    /// <summary>Seconds of the run at a moment.</summary>
    public double SecondsAt(DateTimeOffset at) => (at - (_begun ?? at)).TotalSeconds;

    /// <summary>Takes an event in.</summary>
    public void Apply(RunEvent happened)
    {
        _begun ??= happened.At;
        var seconds = SecondsAt(happened.At);
        switch (happened.Type)
        {
            case RunEventTypes.Workers when happened.Data.Deserialize<WorkersChange>(ServiceJson.Options) is { } change:
                Change(change, seconds);
                break;
            case RunEventTypes.Fault when happened.Data.Deserialize<FaultOrder>(ServiceJson.Options) is { } fault:
                Mark(seconds, happened.Type, fault.Kind == InjectedFaultKind.KillServer ? null : fault.Target, FaultText.Of(fault));
                break;
            case RunEventTypes.Started or RunEventTypes.Epoch:
                Mark(seconds, happened.Type, null, happened.Type);
                break;
            case RunEventTypes.Suspended or RunEventTypes.Paused or RunEventTypes.Completed or RunEventTypes.Failed
                or RunEventTypes.Cancelled or RunEventTypes.Queued:
                EndAll(seconds);
                Mark(seconds, happened.Type, null, happened.Type);
                break;
        }
    }

    /// <summary>The history up to a moment.</summary>
    public WorkerTimeline Timeline(DateTimeOffset until)
    {
        var seconds = _current.Count > 0 ? SecondsAt(until) : LastMoment();
        return new WorkerTimeline(
            seconds,
            [.. _ended.Concat(_current.Values.Select(span => span with { ToSeconds = seconds })).OrderBy(span => span.FromSeconds)],
            [.. _marks]);
    }

    private double LastMoment() => Math.Max(
        _ended.Count > 0 ? _ended.Max(span => span.ToSeconds) : 0, _marks.Count > 0 ? _marks[^1].Seconds : 0);

    private void Change(WorkersChange change, double seconds)
    {
        foreach (var worker in change.Workers)
        {
            var shards = Enumerable.Range(0, change.Owners.Count).Where(shard => change.Owners[shard] == worker.Worker).ToArray();
            var next = new WorkerSpan(worker.Worker, seconds, seconds, worker.IsLive, worker.Silo, shards);
            if (_current.TryGetValue(worker.Worker, out var span))
            {
                if (span.IsLive == next.IsLive && span.Silo == next.Silo && span.Shards.SequenceEqual(shards))
                {
                    continue;
                }

                End(span, seconds);
            }

            _current[worker.Worker] = next;
        }
    }

    private void EndAll(double seconds)
    {
        foreach (var span in _current.Values)
        {
            End(span, seconds);
        }

        _current.Clear();
    }

    private void End(WorkerSpan span, double seconds)
    {
        _ended.Add(span with { ToSeconds = seconds });
        if (_ended.Count > MaxSpans)
        {
            _ended.RemoveAt(0);
        }
    }

    private void Mark(double seconds, string type, int? worker, string text)
    {
        _marks.Add(new TimelineMark(seconds, type, worker, text));
        if (_marks.Count > MaxMarks)
        {
            _marks.RemoveAt(0);
        }
    }
}
