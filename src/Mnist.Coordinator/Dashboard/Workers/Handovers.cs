using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Dashboard.Workers;

/// <summary>Leases that went from one worker to another at a moment.</summary>
/// <param name="Seconds">Seconds since the run was begun.</param>
/// <param name="From">The worker that held them before.</param>
/// <param name="FromIsDown">Whether that worker did not answer then.</param>
/// <param name="To">The worker that holds them from then on.</param>
/// <param name="Shards">The shards, ascending.</param>
public sealed record Handover(double Seconds, int From, bool FromIsDown, int To, IReadOnlyList<int> Shards);

/// <summary>Reads out of a timeline who took over from whom.</summary>
internal static class Handovers
{
    /// <summary>Changes that follow each other within this time are one: silence shows a little before the leases move.</summary>
    private const double SameMomentSeconds = 0.05;

    /// <summary>All moves of leases, in the order of time.</summary>
    /// <param name="timeline">Who worked, and when.</param>
    public static IReadOnlyList<Handover> Find(WorkerTimeline timeline)
    {
        var owners = new SortedDictionary<int, int>();
        var live = new SortedDictionary<int, bool>();
        var found = new List<Handover>();
        foreach (var moment in Moments(timeline.Spans))
        {
            foreach (var span in moment)
            {
                live[span.Worker] = span.IsLive;
            }

            var moves = new List<(int From, int To, int Shard)>();
            foreach (var span in moment)
            {
                foreach (var shard in span.Shards)
                {
                    if (owners.TryGetValue(shard, out var from) && from != span.Worker)
                    {
                        moves.Add((from, span.Worker, shard));
                    }

                    owners[shard] = span.Worker;
                }
            }

            found.AddRange(moves.GroupBy(move => (move.From, move.To)).Select(group => new Handover(
                moment[0].FromSeconds, group.Key.From, !live.GetValueOrDefault(group.Key.From, true), group.Key.To,
                [.. group.Select(move => move.Shard).Order()])));
        }

        return found;
    }

    /// <summary>The worker that leased each shard first: whose colour its leases have, whoever holds them later.</summary>
    /// <param name="timeline">Who worked, and when.</param>
    public static IReadOnlyDictionary<int, int> FirstOwners(WorkerTimeline timeline)
    {
        var owners = new Dictionary<int, int>();
        foreach (var span in timeline.Spans)
        {
            foreach (var shard in span.Shards)
            {
                owners.TryAdd(shard, span.Worker);
            }
        }

        return owners;
    }

    private static IEnumerable<List<WorkerSpan>> Moments(IReadOnlyList<WorkerSpan> spans)
    {
        var moment = new List<WorkerSpan>();
        foreach (var span in spans)
        {
            if (moment.Count > 0 && span.FromSeconds - moment[0].FromSeconds > SameMomentSeconds)
            {
                yield return moment;
                moment = [];
            }

            moment.Add(span);
        }

        if (moment.Count > 0)
        {
            yield return moment;
        }
    }
}
