namespace Mnist.Coordinator.Service;

/// <summary>
/// The runs of this coordinator. REST and dashboard use these services and nothing below them. Wrong input throws
/// <see cref="Learning.InvalidInputException"/>, everything else that cannot be done <see cref="ServiceException"/>.
/// </summary>
public interface IRunService
{
    /// <summary>What this coordinator is.</summary>
    ServiceView About { get; }

    /// <summary>Lists runs, the newest first.</summary>
    Page<RunView> List(RunQuery query);

    /// <summary>A run as it stands now.</summary>
    RunView Get(string runId);

    /// <summary>Begins a run, as soon as there is capacity.</summary>
    Task<RunView> SubmitAsync(NewRun run, CancellationToken cancellationToken);

    /// <summary>Ends a run for good. Repeating it is harmless.</summary>
    Task<RunView> CancelAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Stops a run with a checkpoint. Repeating it is harmless.</summary>
    Task<RunView> PauseAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Goes on with a run that is paused or failed. Repeating it is harmless.</summary>
    Task<RunView> ResumeAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Deletes a run that has ended, with its folder and what grains have stored of it. What fails half-way can be repeated.
    /// </summary>
    Task DeleteAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// The events of a run from a number on, then those to come. Ends after an event after which nothing follows
    /// (<see cref="RunEventTypes.IsEnd"/>) if that is the newest one, and when the run is deleted. A reader that is slow costs nothing:
    /// events are fetched when it asks.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="afterId">Id of the last event that the reader knows, 0 for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<RunEvent> WatchAsync(string runId, long afterId, CancellationToken cancellationToken);
}
