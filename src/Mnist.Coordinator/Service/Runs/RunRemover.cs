using Mnist.Coordinator.Runs;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Orleans;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>
/// Removes runs that have ended: what grains have stored, then the folder, one run at a time. Until the folder has been moved away the run
/// is there with its results, and can be removed once more; from then on there is no such run.
/// </summary>
internal sealed partial class RunRemover(ServiceOptions options, RunRegistry registry, IGrainFactory grains, ILogger<RunRemover> logger)
    : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Removes a run.</summary>
    /// <param name="entry">The run, which cannot go on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ServiceException">Another process works on it, or its folder cannot be removed.</exception>
    public async Task RemoveAsync(RunEntry entry, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Somebody else may have removed it while this one waited.
            var known = registry.Get(entry.RunId);
            using (Claim(known))
            {
                await DeleteStateAsync(known, cancellationToken);
            }

            MoveAway(known);
            Finish();
            LogRemoved(known.RunId);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes the folders that were moved away, now or by a coordinator that ended. What cannot be removed is left for the next
    /// time.</summary>
    public void Finish()
    {
        var folder = RunFolder.RemovedFolders(options.RunsDirectory);
        try
        {
            if (Directory.Exists(folder))
            {
                // What is linked from there stays.
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogFolderLeft(folder, exception.Message);
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Keeps others from working on a run; null where its folder has vanished.</summary>
    private static RunClaim? Claim(RunEntry entry) => !Directory.Exists(entry.Folder.Path)
        ? null
        : RunClaim.ForEndedRunUnlessInUse(entry.Folder) ?? throw new ServiceException(
            ServiceProblem.Conflict, $"run {entry.RunId}: another process works on it");

    private async Task DeleteStateAsync(RunEntry entry, CancellationToken cancellationToken)
    {
        if (!entry.Folder.HasState && options.Cluster is null)
        {
            return;
        }

        try
        {
            await TrainingSession.FindRun(grains, entry.RunId).DeleteAsync().WaitAsync(cancellationToken);
        }
        catch (Exception exception)
            when (options.Cluster is null && exception is not (RunRejectedException or OperationCanceledException))
        {
            // Damaged, perhaps. It lies in the folder that goes next, and grains store nothing of a run that is unknown.
            LogStateLeft(entry.RunId, exception.Message);
        }
    }

    private void MoveAway(RunEntry entry)
    {
        try
        {
            registry.Remove(entry, () =>
            {
                if (Directory.Exists(entry.Folder.Path))
                {
                    entry.Folder.MoveAway(options.RunsDirectory);
                }
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ServiceException(
                ServiceProblem.Unavailable, $"run {entry.RunId}: its folder cannot be removed: {exception.Message}", exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}: is deleted")]
    private partial void LogRemoved(string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{RunId}: its state goes with its folder, since it cannot be deleted: {Reason}")]
    private partial void LogStateLeft(string runId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder}: is left of a run that was deleted, and cannot be removed now: {Reason}")]
    private partial void LogFolderLeft(string folder, string reason);
}
