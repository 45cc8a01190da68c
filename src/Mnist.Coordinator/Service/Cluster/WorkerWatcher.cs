using Mnist.Coordinator.Service.Runs;
using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Coordinator.Service.Cluster;

/// <summary>Looks at who works on a run while it is trained, and makes an event of every change.</summary>
internal sealed partial class WorkerWatcher(IGrainFactory grains, TimeProvider time, ILogger<WorkerWatcher> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between looks until somebody holds a lease: short runs are to show their workers, too.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Watches until it is told to stop.</summary>
    public async Task WatchAsync(RunEntry entry, CancellationToken stop)
    {
        var last = "";
        try
        {
            while (true)
            {
                last = await LookAsync(entry, last);
                await Task.Delay(HasLeases(entry) ? Interval : FirstInterval, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            entry.Workforce = null;
        }
    }

    private static bool HasLeases(RunEntry entry) => entry.Workforce is { } force && force.Leases.Any(owner => owner >= 0);

    private async Task<string> LookAsync(RunEntry entry, string last)
    {
        try
        {
            var force = await grains.GetGrain<ITrainingRunGrain>(entry.RunId).GetWorkforceAsync();
            entry.Workforce = force;
            var presences = force.Workers.Select((worker, index) => new WorkerPresence(index, worker.IsLive, worker.Silo)).ToArray();
            var current = $"{string.Join(',', force.Leases)} {string.Join<WorkerPresence>(',', presences)}";
            if (current != last)
            {
                entry.Publish(RunEventTypes.Workers, new WorkersChange(force.Step, force.Leases, presences));
            }

            return current;
        }
#pragma warning disable CA1031 // Whatever the reason, the run does not depend on being watched.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The picture stays as it is until the cluster answers again.
            LogNoAnswer(entry.RunId, exception.Message);
            return last;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: does not say who works: {Reason}")]
    private partial void LogNoAnswer(string runId, string reason);
}
