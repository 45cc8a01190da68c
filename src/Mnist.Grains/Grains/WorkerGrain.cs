using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;
using Mnist.Learning;
using Orleans;
using Orleans.Concurrency;

namespace Mnist.Grains.Grains;

/// <summary>Keeps one <see cref="WorkerLoop"/> going.</summary>
[Reentrant]
public sealed partial class WorkerGrain : Grain, IWorkerGrain
{
    /// <summary>The server answers a call within two seconds, with the slices of one more round at most.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(10);

    private readonly ITrainingModel _model;
    private readonly IComputeLaneFactory _lanes;
    private readonly TimeProvider _time;
    private readonly ILogger<WorkerGrain> _logger;
    private readonly IWorkerRoom? _room;
    private readonly FaultInjection? _faults;
    private CancellationTokenSource? _stopping;
    private WorkerLoop? _loop;
    private Task _work = Task.CompletedTask;

    /// <summary>Creates the grain; called by the runtime.</summary>
    public WorkerGrain(
        ITrainingModel model,
        IComputeLaneFactory lanes,
        TimeProvider time,
        ILogger<WorkerGrain> logger,
        IWorkerRoom? room = null,
        FaultInjection? faults = null) =>
        (_model, _lanes, _time, _logger, _room, _faults) = (model, lanes, time, logger, room, faults);

    /// <inheritdoc/>
    public Task<WorkerStatus> AttendAsync(WorkerAssignment assignment)
    {
        if (_work.IsCompleted)
        {
            var key = this.GetPrimaryKeyString();
            if (_faults?.IsKilled(key) == true || _room?.TryEnter(key) == false)
            {
                // The next call activates it anew, and finds the silo that has room by then.
                DeactivateOnIdle();
                return Task.FromResult(Status(works: false));
            }

            _work = WorkAsync(assignment);
        }

        return Task.FromResult(Status(works: true));
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        // CancelAsync would run what waits for it on the thread pool, away from the grain's scheduler.
        _stopping?.Cancel();
        await _work;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _loop?.Leave();
        await Task.WhenAny(_work, Task.Delay(LeavePatience, _time, cancellationToken));
        await StopAsync();
    }

    /// <inheritdoc/>
    public async Task InjectAsync(WorkerFault fault)
    {
        var faults = _faults ?? throw new RunRejectedException("fault injection is not switched on where the worker is");
        faults.Inject(this.GetPrimaryKeyString(), fault);
        if (fault.Kind == WorkerFaultKind.Kill)
        {
            await StopAsync();
        }
    }

    private WorkerStatus Status(bool works) => new() { Works = works, Engine = _model.Engine, Silo = RuntimeIdentity };

    private async Task WorkAsync(WorkerAssignment assignment)
    {
        using var stopping = new CancellationTokenSource();
        _stopping = stopping;
        try
        {
            using var lane = _lanes.Create(GrainKeys.Of(assignment.RunId, assignment.Worker));
            using var loop = new WorkerLoop(assignment, GrainFactory, _model, lane, _time, _logger)
            {
                Activation = GrainContext.ActivationId.ToString(),
                Silo = RuntimeIdentity,
                Faults = _faults,
            };
            _loop = loop;
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
            (_stopping, _loop) = (null, null);
            _room?.Leave(this.GetPrimaryKeyString());
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: worker {Worker} stopped")]
    private partial void LogStopped(string runId, int worker);

    [LoggerMessage(Level = LogLevel.Error, Message = "{RunId}: worker {Worker} failed and will begin anew")]
    private partial void LogFailed(Exception exception, string runId, int worker);
}
