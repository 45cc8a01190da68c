namespace Mnist.Coordinator.Service;

/// <summary>Who works, and what goes wrong on purpose.</summary>
public interface IClusterService
{
    /// <summary>The silos.</summary>
    Task<IReadOnlyList<SiloView>> GetSilosAsync(CancellationToken cancellationToken);

    /// <summary>The workers of the runs that are running.</summary>
    /// <param name="runId">Only those of a run; null for all.</param>
    IReadOnlyList<WorkerView> GetWorkers(string? runId = null);

    /// <summary>Who worked on a run, and when.</summary>
    WorkerTimeline GetTimeline(string runId);

    /// <summary>Injects a fault.</summary>
    Task InjectAsync(FaultOrder order, CancellationToken cancellationToken);
}
