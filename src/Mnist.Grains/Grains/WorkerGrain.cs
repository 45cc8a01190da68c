using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Orleans;
using Orleans.Concurrency;

namespace Mnist.Grains.Grains;

/// <summary>Keeps one <see cref="WorkerLoop"/> going.</summary>
[Reentrant]
public sealed partial class WorkerGrain : Grain, IWorkerGrain
{
    private readonly ITrainingModel _model;
    private readonly IComputeLaneFactory _lanes;
    private readonly TimeProvider _time;
    private readonly ILogger<WorkerGrain> _logger;
    private CancellationTokenSource? _stopping;
    private Task _work = Task.CompletedTask;

    /// <summary>Creates the grain; called by the runtime.</summary>
    public WorkerGrain(
        ITrainingModel model, IComputeLaneFactory lanes, TimeProvider time, ILogger<WorkerGrain> logger) =>
        (_model, _lanes, _time, _logger) = (model, lanes, time, logger);

    /// <inheritdoc/>
    public Task AttendAsync(WorkerAssignment assignment)
    {
        if (_work.IsCompleted)
        {
            _work = WorkAsync(assignment);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        // CancelAsync would run what waits for it on the thread pool, away from the grain's scheduler.
        _stopping?.Cancel();
        await _work;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => StopAsync();

    private async Task WorkAsync(WorkerAssignment assignment)
    {
        using var stopping = new CancellationTokenSource();
        _stopping = stopping;
        try
        {
            using var lane = _lanes.Create(GrainKeys.Of(assignment.RunId, assignment.Worker));
            using var loop = new WorkerLoop(assignment, GrainFactory, _model, lane, _time, _logger);
            await loop.RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogStopped(assignment.RunId, assignment.Worker);
        }
        catch (Exception exception) when (exception is InvalidInputException or RunRejectedException)
        {
            await GrainFactory.GetGrain<ITrainingRunGrain>(assignment.RunId).FailAsync(exception.Message);
        }
#pragma warning disable CA1031 // The run grain calls again soon, and the work begins anew; nothing is lost with this attempt.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception, assignment.RunId, assignment.Worker);
        }
        finally
        {
            _stopping = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: worker {Worker} stopped")]
    private partial void LogStopped(string runId, int worker);

    [LoggerMessage(Level = LogLevel.Error, Message = "{RunId}: worker {Worker} failed and will begin anew")]
    private partial void LogFailed(Exception exception, string runId, int worker);
}
