using Mnist.Coordinator.Output;
using Mnist.Grains.Contracts;
using Orleans;
using Orleans.Runtime;

namespace Mnist.Coordinator.Training;

/// <summary>Starts a run, on a silo in this process or in a cluster, and follows it to its end.</summary>
internal sealed class TrainingSession
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long results wait for a storage that does not delete.</summary>
    private static readonly TimeSpan DeletionPatience = TimeSpan.FromSeconds(10);

    private readonly ITrainingRunGrain _run;
    private readonly ClusterCalls _calls;

    private TrainingSession(ITrainingRunGrain run, ClusterCalls calls) => (_run, _calls) = (run, calls);

    /// <summary>Waits until there is a silo that knows runs.</summary>
    /// <param name="grains">Makes references to grains.</param>
    /// <param name="runId">The run.</param>
    /// <param name="wait">Told why nothing goes on, when silos are missing; null where this process is all there is.</param>
    /// <param name="cancellationToken">Gives up waiting for the cluster.</param>
    public static async Task<TrainingSession> FindAsync(
        IGrainFactory grains, string runId, ClusterWait? wait, CancellationToken cancellationToken)
    {
        var calls = new ClusterCalls(wait);
        var run = await calls.CallAsync(() => Task.FromResult(FindRun(grains, runId)), cancellationToken);
        return new TrainingSession(run, calls);
    }

    /// <summary>Trains to the end, or until it is interrupted.</summary>
    /// <param name="request">What to train.</param>
    /// <param name="observer">Told about every progress and every epoch.</param>
    /// <param name="cancellationToken">Pauses the run: it then has a checkpoint to continue from.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="RunRejectedException">The run cannot be started or continued.</exception>
    /// <exception cref="RunFailedException">The run ended by an error.</exception>
    public async Task<TrainingEnd> TrainAsync(RunRequest request, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        await _calls.CallAsync(() => _run.StartAsync(request), cancellationToken);
        var first = await _calls.CallAsync(_run.GetProgressAsync, cancellationToken);
        var progress = first;
        var epochsReported = 0;
        var failuresSeen = 0L;
        while (true)
        {
            observer.Progressed(progress);
            for (; epochsReported < progress.Epochs.Length; epochsReported++)
            {
                observer.EpochCompleted(progress.Epochs[epochsReported]);
            }

            switch (progress.Status)
            {
                case RunStatus.Running when cancellationToken.IsCancellationRequested:
                    await _calls.CallAsync(_run.PauseAsync, cancellationToken);
                    break;
                case RunStatus.Running when progress.Faults.FailedCheckpoints > failuresSeen:
                    failuresSeen = progress.Faults.FailedCheckpoints;
                    await RetryCheckpointAsync(request, cancellationToken);
                    break;
                case RunStatus.Running:
                    await Task.Delay(PollInterval, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                case RunStatus.Paused or RunStatus.Cancelled:
                    return new TrainingEnd(progress.Status, null);
                case RunStatus.Completed:
                    return new TrainingEnd(progress.Status, await CollectAsync(first, progress, cancellationToken));
                default:
                    throw new RunFailedException(
                        progress.Error.Length > 0 ? progress.Error : $"the run ended as {progress.Status}, expected {RunStatus.Completed}");
            }

            progress = await _calls.CallAsync(_run.GetProgressAsync, cancellationToken);
        }
    }

    /// <summary>A reference to the grain of a run.</summary>
    /// <exception cref="SiloUnavailableException">No silo has joined the cluster.</exception>
    public static ITrainingRunGrain FindRun(IGrainFactory grains, string runId)
    {
        try
        {
            return grains.GetGrain<ITrainingRunGrain>(runId);
        }
        catch (ArgumentException exception)
        {
            // No member of the cluster knows the grain: there are none that train yet.
            throw new SiloUnavailableException("no silo has joined", exception);
        }
    }

    /// <summary>
    /// Pauses the run, which writes a checkpoint, and starts it again. A storage that refuses a second time ends the program:
    /// without checkpoints nothing could be continued, nor could the results be written.
    /// </summary>
    private async Task RetryCheckpointAsync(RunRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await _calls.CallAsync(_run.PauseAsync, cancellationToken);
        }
        catch (Exception exception) when (exception is not (RunRejectedException or OperationCanceledException))
        {
            throw new RunFailedException(
                $"a checkpoint cannot be written: {exception.GetBaseException().Message}; make room, then continue with --resume",
                exception);
        }

        await _calls.CallAsync(() => _run.StartAsync(request), cancellationToken);
    }

    private async Task<TrainingOutcome> CollectAsync(RunProgress first, RunProgress last, CancellationToken cancellationToken)
    {
        var model = await _calls.CallAsync(() => GetModelAsync(last.Step), cancellationToken);
        var evaluation = await _calls.CallAsync(_run.GetEvaluationAsync, cancellationToken);
        await DeleteCheckpointsAsync(cancellationToken);
        return new TrainingOutcome(last, FloatBytes.Read(model.State), FloatBytes.Read(evaluation.TestProbabilities), Rate(first, last));
    }

    /// <summary>Waits, for a while, until the run has cleared up; in this process nobody would do so later.</summary>
    private async Task DeleteCheckpointsAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(DeletionPatience);
        try
        {
            await _calls.CallAsync(() => _run.DeleteCheckpointsAsync().WaitAsync(patience.Token), patience.Token);
        }
#pragma warning disable CA1031 // The results are at hand, which is what counts; the run's grain goes on trying.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private async Task<ModelSnapshot> GetModelAsync(long step)
    {
        var model = await _run.GetModelAsync();
        return model.Step == step
            ? model
            : throw new InvalidOperationException($"the weights at hand are those of step {model.Step}, expected {step}: ask again");
    }

    /// <summary>Samples a second of this attempt; of the whole run where this attempt found it trained already.</summary>
    private static double Rate(RunProgress first, RunProgress last)
    {
        var samples = last.Ledger.Samples - first.Ledger.Samples;
        var seconds = last.TrainSeconds - first.TrainSeconds;
        return samples > 0 && seconds > 0 ? samples / seconds : last.Ledger.Samples / last.TrainSeconds;
    }
}
