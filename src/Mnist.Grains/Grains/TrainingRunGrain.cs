using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Protocol;
using Mnist.Grains.Telemetry;
using Mnist.Learning;
using Mnist.Learning.Specification;
using Mnist.Learning.Training;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Storage;

namespace Mnist.Grains.Grains;

/// <summary>A training run: what is trained, who works on it, what came of it.</summary>
/// <remarks>Reentrant, since parameter servers report while a call is under way; state changes only between awaits.</remarks>
[Reentrant]
public sealed partial class TrainingRunGrain : Grain, ITrainingRunGrain
{
    private static readonly TimeSpan AttendInterval = TimeSpan.FromMilliseconds(500);

    private readonly IPersistentState<RunState> _state;
    private readonly IGrainStorage _checkpoints;
    private readonly ITrainingModel _model;
    private readonly TimeProvider _time;
    private readonly ILogger<TrainingRunGrain> _logger;

    // Starts, pauses and cancels take long and wait for others.
    private readonly TaskChain _control = new();
    private readonly SortedSet<string> _engines = new(StringComparer.Ordinal);
    private RunRecord? _record;
    private RunTelemetry? _telemetry;
    private RunSpec? _spec;
    private SlicePlan? _plan;
    private WorkerSupervisor? _workers;
    private IGrainTimer? _timer;
    private LeaseTable? _leases;
    private ServerReport? _report;
    private FaultCounters _faultsOfFormerServers = new();
    private long _leaseMoves;
    private long _attachments;
    private long _failedWrites;
    private long? _storageFailingSince;
    private bool _isStopping;

    /// <summary>Creates the grain; called by the runtime.</summary>
    public TrainingRunGrain(
        [PersistentState("run", StorageNames.Runs)] IPersistentState<RunState> state,
        [FromKeyedServices(StorageNames.Checkpoints)] IGrainStorage checkpoints,
        ITrainingModel model,
        TimeProvider time,
        ILogger<TrainingRunGrain> logger) =>
        (_state, _checkpoints, _model, _time, _logger) = (state, checkpoints, model, time, logger);

    private string RunId => this.GetPrimaryKeyString();

    private RunState State => _record!.Stored;

    private bool IsRunning => State.Status == RunStatus.Running && !_isStopping;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _record = new RunRecord(_state);
        _telemetry = new RunTelemetry(RunId, _time);
        TakeUp();
        return Task.CompletedTask;
    }

    /// <summary>Does what the stored state says: goes on with a run that is running, or clears up after one that has ended.</summary>
    private void TakeUp()
    {
        if (State.Request is { } request)
        {
            _spec = RunSpecJson.Parse(request.SpecJson);
            _plan = new SlicePlan(_spec);
            if (State.Status == RunStatus.Running)
            {
                StartWorkers();
            }
            else if (IsOver)
            {
                _ = DeleteOrTryAgainAsync();
            }
        }
    }

    /// <summary>Finds out what another activation, which is gone by now, may have stored after this one was activated.</summary>
    private async Task ReloadAsync()
    {
        await _record!.ReloadAsync();
        if (!_isStopping && _workers is null)
        {
            TakeUp();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(RunRequest request) =>
        _control.RunAsync(() => _telemetry!.StartAsync(request, () => StartOrContinueAsync(request)));

    /// <inheritdoc/>
    public Task PauseAsync() => _control.RunAsync(() => StopAsync(RunStatus.Paused));

    /// <inheritdoc/>
    public Task CancelAsync() => _control.RunAsync(CancelOnceAsync);

    private async Task StartOrContinueAsync(RunRequest request)
    {
        var spec = Validate(request);
        if (State.Request is { } known)
        {
            CheckSameRun(request, known);
            if (State.Status == RunStatus.Completed || (IsRunning && _workers is not null))
            {
                return;
            }
        }

        if (_record!.IsDeleted)
        {
            throw new RunRejectedException($"run {RunId}: was deleted and cannot be started again");
        }

        var before = State;
        (_spec, _plan) = (spec, new SlicePlan(spec));
        await _record.ChangeAsync(state =>
            state.Status == RunStatus.Completed ? state : state with { Request = request, Status = RunStatus.Running, Error = "" });
        _isStopping = false;
        if (State.Status == RunStatus.Completed)
        {
            return;
        }

        try
        {
            await CheckServersAsync(request);
        }
        catch (InvalidInputException)
        {
            await _record.ChangeAsync(state => state with { Request = before.Request, Status = before.Status, Error = before.Error });
            throw;
        }
        catch
        {
            // The run is stored as running, and so it runs: a server that cannot be reached now will be later.
            StartWorkers();
            throw;
        }

        LogStarted(RunId, request.Options.Workers, request.Options.Partitions);
        StartWorkers();
    }

    /// <inheritdoc/>
    public async Task<RunProgress> GetProgressAsync()
    {
        if (State.Request is null)
        {
            // Nobody asks for a run that was never started, but for one that another activation started.
            await ReloadAsync();
        }

        return CreateProgress();
    }

    /// <inheritdoc/>
    public Task<EvaluationSnapshot> GetEvaluationAsync() => Task.FromResult(
        State.Evaluation ?? throw new RunRejectedException($"run {RunId}: has not completed an epoch yet"));

    /// <inheritdoc/>
    public async Task<ServerAssignment> AttachServerAsync(int partition)
    {
        if (!IsRunning)
        {
            // Somebody trains the run: another activation may have started it.
            await ReloadAsync();
        }

        // Not a rejection: storage may know the run the next time.
        var request = State.Request ?? throw new InvalidOperationException($"run {RunId}: is unknown");
        if (partition < 0 || partition >= request.Options.Partitions)
        {
            throw new RunRejectedException($"run {RunId}: has no partition {partition}, expected 0 to {request.Options.Partitions - 1}");
        }

        if (partition == request.Options.Partitions - 1)
        {
            // The counters of a server begin at zero with each activation: what the last one counted is kept.
            _faultsOfFormerServers = _faultsOfFormerServers.Plus(_report?.Faults);
            _report = _report is null ? null : _report with { Faults = new FaultCounters() };
            if (++_attachments > 1)
            {
                _telemetry!.Recovered();
            }
        }

        // Without leases the first round goes to whoever asks first, and the next to all who were there. After a crash this run may
        // still count on workers that died in it, and a server that did so, too, would wait for them in its first round.
        var nobody = LeaseTable.Empty(_spec!.Slices).ToOwners();
        return new ServerAssignment
        {
            Request = request,
            Directive = CreateDirective() with { Leases = nobody },
            TraceParent = _telemetry!.Start ?? request.TraceParent,
        };
    }

    /// <inheritdoc/>
    public Task<RunDirective> ReportAsync(ServerReport report)
    {
        // A server that was replaced, and does not know it yet, may still report when the run is over.
        if (IsRunning)
        {
            _report = report;
            DivideLeases(report);
        }

        return Task.FromResult(CreateDirective());
    }

    /// <inheritdoc/>
    public async Task FailAsync(string reason)
    {
        if (State.Status == RunStatus.Running)
        {
            LogFailed(RunId, reason);
            _timer?.Dispose();
            await _record!.ChangeAsync(state =>
                state.Status == RunStatus.Running ? state with { Status = RunStatus.Failed, Error = reason } : state);
        }
    }

    private RunSpec Validate(RunRequest request)
    {
        try
        {
            var spec = RunSpecJson.Parse(request.SpecJson);
            RunSpecValidator.Validate(spec);
            _model.GetEvaluationSamples(spec);
            var most = PartitionRange.MaximumPartitions(_model.GetLayout(spec).ContributionLength);
            CheckRange("workers", request.Options.Workers, 10_000);
            CheckRange("partitions", request.Options.Partitions, most);
            return spec;
        }
        catch (InvalidInputException exception)
        {
            throw new RunRejectedException(exception.Message);
        }
    }

    private static void CheckRange(string name, int value, int most)
    {
        if (value < 1 || value > most)
        {
            throw new RunRejectedException($"{name} is {value}, expected 1 to {most}");
        }
    }

    private void CheckSameRun(RunRequest request, RunRequest known)
    {
        if (request.SpecJson != known.SpecJson)
        {
            throw new RunRejectedException($"run {RunId}: exists already with another specification");
        }

        if (request.Options.Partitions != known.Options.Partitions)
        {
            throw new RunRejectedException(
                $"run {RunId}: was started with {known.Options.Partitions} partitions and cannot go on with {request.Options.Partitions}");
        }

        if (State.Status is RunStatus.Cancelled or RunStatus.Deleting)
        {
            var fate = State.Status == RunStatus.Cancelled ? "was cancelled" : "is being deleted";
            throw new RunRejectedException($"run {RunId}: {fate} and cannot go on");
        }
    }

    /// <summary>Activates the servers, so that a checkpoint that cannot be used is reported to whoever starts the run.</summary>
    private async Task CheckServersAsync(RunRequest request)
    {
        for (var partition = 0; partition < request.Options.Partitions; partition++)
        {
            await Server(partition).StopAsync();
            await Server(partition).GetRoundsAsync();
        }
    }

    private void StartWorkers()
    {
        _workers = new WorkerSupervisor(GrainFactory, _logger, RunId, State.Request!, _engines);
        DivideLeases(null);
        _timer?.Dispose();
        _timer = this.RegisterGrainTimer(
            AttendAsync, new GrainTimerCreationOptions(TimeSpan.Zero, AttendInterval) { Interleave = true, KeepAlive = true });
    }

    private Task AttendAsync()
    {
        // Not awaited together: one worker that does not answer must not keep the others from being called.
        _workers?.Attend();
        return Task.CompletedTask;
    }

    private async Task StopAsync(RunStatus status)
    {
        if (State.Status != RunStatus.Running)
        {
            return;
        }

        _isStopping = true;
        _timer?.Dispose();
        try
        {
            await (_workers?.StopAsync() ?? Task.CompletedTask);
            _workers = null;
            foreach (var server in Servers())
            {
                if (status == RunStatus.Paused)
                {
                    await server.CheckpointAsync();
                }

                await server.StopAsync();
            }

            await _record!.ChangeAsync(state =>
                state.Status == RunStatus.Running ? state with { Status = status, Engines = EnginesOf(state) } : state);
        }
        catch
        {
            // What is not stopped in an orderly way goes on, so that nobody waits for a run that stands still.
            _isStopping = false;
            StartWorkers();
            throw;
        }

        _isStopping = false;
    }

    private void DivideLeases(ServerReport? report)
    {
        var speeds = (report?.Workers ?? []).ToDictionary(worker => worker.Worker, worker => worker.MicrosecondsPerSlice);
        var candidates = (_workers?.Live ?? [])
            .Select(worker => new LeaseCandidate(worker, speeds.GetValueOrDefault(worker)))
            .ToArray();
        var leases = LeasePolicy.Divide(_spec!.Slices, candidates);
        var moves = _leases?.Moves(leases) ?? 0;
        _telemetry!.LeasesMoved(moves);
        _leaseMoves += moves;
        _leases = leases;
    }

    private RunDirective CreateDirective() => new()
    {
        Leases = (_leases ?? LeaseTable.Empty(_spec?.Slices ?? 0)).ToOwners(),
        Continue = IsRunning,
    };

    private IEnumerable<IParameterServerGrain> Servers() =>
        Enumerable.Range(0, State.Request?.Options.Partitions ?? 0).Select(Server);

    private IParameterServerGrain Server(int partition) =>
        GrainFactory.GetGrain<IParameterServerGrain>(GrainKeys.Of(RunId, partition));

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}: started with {Workers} workers and {Partitions} partitions")]
    private partial void LogStarted(string runId, int workers, int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message = "{RunId}: failed: {Reason}")]
    private partial void LogFailed(string runId, string reason);
}
