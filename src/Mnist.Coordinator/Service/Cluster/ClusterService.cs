using Mnist.Coordinator.Service.Runs;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Orleans;
using Orleans.Runtime;

namespace Mnist.Coordinator.Service.Cluster;

/// <summary>Who works, and what goes wrong on purpose.</summary>
internal sealed class ClusterService(ServiceOptions options, RunRegistry registry, IGrainFactory grains, TimeProvider time)
    : IClusterService
{
    private const double MaxSeconds = 3600;
    private const double MaxFactor = 1000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloView>> GetSilosAsync(CancellationToken cancellationToken)
    {
        var (hosts, statistics) = await AskAsync().WaitAsync(cancellationToken);
        return
        [
            .. hosts.OrderBy(host => host.Key).Select(host => new SiloView(
                host.Key.ToString(),
                host.Value.ToString().ToLowerInvariant(),
                statistics.Where(entry => entry.SiloAddress.Equals(host.Key) && IsOurs(entry)).OrderBy(NameOf, StringComparer.Ordinal)
                    .ToDictionary(NameOf, entry => entry.ActivationCount))),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerView> GetWorkers(string? runId = null) =>
        [.. (runId is null ? registry.All : [registry.Get(runId)]).SelectMany(WorkersOf)];

    /// <inheritdoc/>
    public WorkerTimeline GetTimeline(string runId) =>
        registry.Get(runId).Read(history => history.Workers.Timeline(time.GetUtcNow()));

    /// <inheritdoc/>
    public async Task InjectAsync(FaultOrder order, CancellationToken cancellationToken)
    {
        if (!options.EnableFaults)
        {
            throw new ServiceException(ServiceProblem.NotFound, "fault injection is not switched on; `mnist serve --enable-faults` does");
        }

        var run = registry.Get(order.RunId);
        Check(order, run);
        if (run.Phase != RunPhase.Running)
        {
            throw new ServiceException(ServiceProblem.Conflict, $"run {run.RunId}: is not running, expected one that can be harmed");
        }

        run.Publish(RunEventTypes.Fault, order);
        await HarmAsync(order).WaitAsync(cancellationToken);
    }

    private async Task<(Dictionary<SiloAddress, SiloStatus> Hosts, SimpleGrainStatistic[] Statistics)> AskAsync()
    {
        var management = grains.GetGrain<IManagementGrain>(0);
        return (await management.GetHosts(onlyActive: false), await management.GetSimpleGrainStatistics());
    }

    private static IEnumerable<WorkerView> WorkersOf(RunEntry run)
    {
        if (run.Workforce is not { } force)
        {
            return [];
        }

        return force.Workers.Select((worker, index) =>
        {
            var shards = Enumerable.Range(0, force.Leases.Length).Where(shard => force.Leases[shard] == index).ToArray();
            return new WorkerView
            {
                RunId = run.RunId,
                Worker = index,
                IsLive = worker.IsLive,
                IsSuspect = worker.IsSuspect,
                Silo = worker.Silo,
                Shards = shards,
                MicrosecondsPerSlice = worker.MicrosecondsPerSlice,
                ImagesPerSecond = force.Leases.Length > 0 ? force.ImagesPerSecond * shards.Length / force.Leases.Length : 0,
                BarrierWait = worker.WaitFraction,
            };
        });
    }

    private Task HarmAsync(FaultOrder order)
    {
        var key = $"{order.RunId}/{order.Target}";
        if (order.Kind == InjectedFaultKind.KillServer)
        {
            return grains.GetGrain<IParameterServerGrain>(key).CrashAsync();
        }

        return grains.GetGrain<IWorkerGrain>(key).InjectAsync(new WorkerFault
        {
            Kind = order.Kind switch
            {
                InjectedFaultKind.KillWorker => WorkerFaultKind.Kill,
                InjectedFaultKind.SlowWorker => WorkerFaultKind.Slow,
                _ => WorkerFaultKind.Drop,
            },
            Duration = TimeSpan.FromSeconds(order.Seconds),
            Extent = order.Kind == InjectedFaultKind.SlowWorker ? order.Factor : order.Probability,
        });
    }

    private static void Check(FaultOrder order, RunEntry run)
    {
        var targets = order.Kind == InjectedFaultKind.KillServer ? run.Manifest.Partitions : run.Manifest.Workers;
        Check("target", order.Target, 0, targets - 1);
        Check("seconds", order.Seconds, 0.1, MaxSeconds);
        Check("factor", order.Factor, 1, MaxFactor);
        Check("probability", order.Probability, 0, 1);
    }

    private static void Check(string name, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            throw new InvalidInputException($"{name} is {value}, expected {min} to {max}");
        }
    }

    private static bool IsOurs(SimpleGrainStatistic entry) => entry.GrainType.StartsWith("Mnist.", StringComparison.Ordinal);

    /// <summary>The class without namespace and assembly.</summary>
    private static string NameOf(SimpleGrainStatistic entry) => entry.GrainType.Split(',')[0].Split('.')[^1];
}
