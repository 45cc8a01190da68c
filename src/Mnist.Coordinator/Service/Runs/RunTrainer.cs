using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Service.Cluster;
using Mnist.Coordinator.Training;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Files;
using Mnist.Learning.Specification;
using Orleans;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>Trains a run as <c>mnist train</c> does, with events in place of lines on a terminal.</summary>
internal sealed partial class RunTrainer(
    ServiceOptions options,
    Dataset dataset,
    IGrainFactory grains,
    WorkerWatcher workers,
    TimeProvider time,
    ILogger<RunTrainer> logger)
{
    /// <summary>Trains a run until it ends or is stopped. Errors end the run, not the coordinator.</summary>
    public async Task TrainAsync(RunAttempt attempt)
    {
        var entry = attempt.Entry;
        entry.Publish(RunEventTypes.Started, new { resumed = attempt.IsResumed });
        var follower = new RunFollower(entry, time);
        try
        {
            RunSpecValidator.ValidateDataset(entry.Spec, dataset);
            var run = new PreparedRun(entry.Folder, entry.Manifest, entry.Spec, dataset, attempt.IsResumed);
            var wait = options.Cluster is null ? null : new ClusterWait(Note, patience: null, time);
            var session = await TrainingSession.FindAsync(grains, entry.RunId, wait, attempt.Stopping);
            var request = run.Request with { TraceParent = attempt.TraceParent };
            var end = await WatchedAsync(entry, () => session.TrainAsync(request, follower, attempt.Stopping));
            follower.Finish();
            await ConcludeAsync(attempt, run, end);
        }
        catch (OperationCanceledException) when (attempt.Stopping.IsCancellationRequested)
        {
            // It never came so far as to be trained.
            await EndAsync(attempt, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever ends a run is told to those who watch it; other runs go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, entry.RunId);
            entry.Publish(RunEventTypes.Failed, new { message = PublicMessage.Of(exception) });
        }

        void Note(string line) => entry.Publish(RunEventTypes.Note, new { message = PublicMessage.Clean(line) });
    }

    /// <summary>Ends a run that is not trained at the moment, as it was asked to.</summary>
    public async Task EndAsync(RunAttempt attempt, CancellationToken cancellationToken)
    {
        var entry = attempt.Entry;
        if (attempt.Ending == RunEventTypes.Cancelled)
        {
            if (entry.Folder.HasState || options.Cluster is not null)
            {
                await grains.GetGrain<ITrainingRunGrain>(entry.RunId).CancelAsync().WaitAsync(cancellationToken);
            }

            MarkCancelled(entry);
        }

        entry.Publish(attempt.Ending!);
    }

    private async Task<TrainingEnd> WatchedAsync(RunEntry entry, Func<Task<TrainingEnd>> train)
    {
        using var stop = new CancellationTokenSource();
        var watching = workers.WatchAsync(entry, stop.Token);
        try
        {
            return await train();
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    private async Task ConcludeAsync(RunAttempt attempt, PreparedRun run, TrainingEnd end)
    {
        var entry = attempt.Entry;
        if (end.Outcome is { } outcome)
        {
            var report = run.Report(outcome);
            RunOutput.Write(entry.Folder.Path, report);
            entry.Publish(RunEventTypes.Completed, new { testAccuracy = report.Evaluation.Accuracy, weightsSha256 = report.WeightsSha256 });
            return;
        }

        if (end.Status == RunStatus.Cancelled)
        {
            MarkCancelled(entry);
            entry.Publish(RunEventTypes.Cancelled);
            return;
        }

        if (attempt.Ending is null)
        {
            // Somebody else paused it in the cluster.
            attempt.Stop(RunEventTypes.Paused);
        }

        await EndAsync(attempt, CancellationToken.None);
    }

    private static void MarkCancelled(RunEntry entry)
    {
        if (entry.Folder.HasRun)
        {
            AtomicFile.WriteAllText(entry.Folder.CancelledPath, "");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{RunId}: failed")]
    private partial void LogFailed(Exception exception, string runId);
}
