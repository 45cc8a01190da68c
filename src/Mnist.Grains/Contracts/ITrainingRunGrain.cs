using Orleans;
using Orleans.Concurrency;

namespace Mnist.Grains.Contracts;

/// <summary>
/// One training run, keyed by its run id: owns the specification, the leases, the workers' supervision and the results.
/// Its state survives crashes; every method may be repeated safely.
/// </summary>
public interface ITrainingRunGrain : IGrainWithStringKey
{
    /// <summary>Records the run and starts it. Starting a run again with the same specification continues it from its last
    /// checkpoint.</summary>
    /// <param name="request">What to train and with how many workers.</param>
    /// <exception cref="RunRejectedException">The specification is not valid, or the run exists with another one.</exception>
    Task StartAsync(RunRequest request);

    /// <summary>Where the run stands. Whoever asks on and on sees to it that there is such a grain, also where nobody else is left who
    /// would: a question that goes down with a silo is asked again soon.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:02")]
    Task<RunProgress> GetProgressAsync();

    /// <summary>Who works on the run.</summary>
    [AlwaysInterleave]
    Task<Workforce> GetWorkforceAsync();

    /// <summary>Stops the workers and writes a checkpoint from which <see cref="StartAsync"/> continues.</summary>
    Task PauseAsync();

    /// <summary>Stops the workers for good.</summary>
    Task CancelAsync();

    /// <summary>Waits until the checkpoints of a run that has ended for good are deleted, which its grain does by itself: whoever asks on
    /// and on sees to it that there is such a grain until it is done. What the run came to stays.</summary>
    /// <exception cref="InvalidOperationException">The run can go on, and keeps its checkpoints.</exception>
    Task DeleteCheckpointsAsync();

    /// <summary>Deletes everything that is stored of a run that has ended: its results first, then its checkpoints, and at last that there
    /// ever was such a run. A deletion that fails, or is lost half-way, is finished by the next one. The name cannot be used again where
    /// the storage keeps the versions of records that are cleared.</summary>
    /// <exception cref="RunRejectedException">The run goes on, or can: it has to be cancelled first.</exception>
    Task DeleteAsync();

    /// <summary>The weights as they would be evaluated now: of a completed run, those of its last evaluation.</summary>
    /// <exception cref="RunRejectedException">The run is unknown.</exception>
    Task<ModelSnapshot> GetModelAsync();

    /// <summary>The probabilities of the last evaluation.</summary>
    /// <exception cref="RunRejectedException">No epoch has been completed yet.</exception>
    Task<EvaluationSnapshot> GetEvaluationAsync();

    /// <summary>Called by a parameter server that was just activated.</summary>
    /// <returns>What it is to serve.</returns>
    /// <exception cref="RunRejectedException">The run is unknown.</exception>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<ServerAssignment> AttachServerAsync(int partition);

    /// <summary>Called by the lead parameter server about once a second and when a worker is missing.</summary>
    /// <returns>The leases from now on, and whether to go on.</returns>
    [AlwaysInterleave]
    [ResponseTimeout("00:00:05")]
    Task<RunDirective> ReportAsync(ServerReport report);

    /// <summary>Called by the lead parameter server when an epoch was trained and evaluated. Repeating it is harmless.</summary>
    /// <returns>The leases from now on, and whether to go on.</returns>
    [AlwaysInterleave]
    Task<RunDirective> CompleteEpochAsync(EpochReport report);

    /// <summary>Called by a worker that cannot go on: ends the run with an error.</summary>
    /// <param name="reason">One line for the user.</param>
    [AlwaysInterleave]
    Task FailAsync(string reason);

    /// <summary>Called by a worker for which the partitions stay at different rounds: if they make no progress, brings all of them
    /// back to the newest common checkpoint.</summary>
    [AlwaysInterleave]
    Task RealignAsync();
}
