using Orleans;
using Orleans.Concurrency;

namespace Mnist.Grains.Contracts;

/// <summary>Computes gradients of the slices that it is given, keyed by <c>runId/index</c>. Holds nothing that matters: it may die at any
/// time.</summary>
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Sets the worker to work, unless it works already. Called repeatedly: it is also the sign of life.</summary>
    /// <returns>Whether it works. If its silo has no room for it, the next call may find it elsewhere.</returns>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<WorkerStatus> AttendAsync(WorkerAssignment assignment);

    /// <summary>Ends the work at the next layer boundary.</summary>
    [AlwaysInterleave]
    Task StopAsync();

    /// <summary>Lets something go wrong on purpose.</summary>
    /// <exception cref="RunRejectedException">Fault injection is not switched on where the worker is.</exception>
    [AlwaysInterleave]
    Task InjectAsync(WorkerFault fault);
}
