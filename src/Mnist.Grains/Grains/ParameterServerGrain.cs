using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Compute;
using Mnist.Grains.Contracts;
using Mnist.Grains.Hosting;
using Mnist.Grains.Protocol;
using Mnist.Grains.Telemetry;
using Mnist.Learning.Specification;
using Orleans;
using Orleans.Concurrency;
using Orleans.Storage;

namespace Mnist.Grains.Grains;

/// <summary>The shell around <see cref="PartitionServer"/>: calls that wait, timers, checkpoints and reports.</summary>
/// <remarks>Reentrant, since the calls of all workers wait here at once; state changes only between awaits.</remarks>
[Reentrant]
[SuppressMessage(
    "Design", "CA1001", Justification = "A source without a timer has nothing to give back, and calls that come late ask for its token.")]
public sealed partial class ParameterServerGrain : Grain, IParameterServerGrain
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ITrainingModel _model;
    private readonly IGrainStorage _storage;
    private readonly SpeculationOptions _speculation;
    private readonly TimeProvider _time;
    private readonly ILogger<ParameterServerGrain> _logger;
    private readonly FaultInjection? _faults;
    private readonly WaitingWorkers _waiting = new();
    private readonly long _origin;
    private string _runId = "";
    private int _partition;
    private Task? _starting;
    private PartitionServer? _server;
    private ServerTelemetry? _telemetry;
    private CheckpointSlots? _slots;
    private RunOptions? _options;
    private string _specSha256 = "";
    private bool _isEnded;
    private bool _isCompletingEpoch;

    /// <summary>Creates the grain; called by the runtime.</summary>
    public ParameterServerGrain(
        ITrainingModel model,
        [FromKeyedServices(StorageNames.Checkpoints)] IGrainStorage storage,
        SpeculationOptions speculation,
        TimeProvider time,
        ILogger<ParameterServerGrain> logger,
        FaultInjection? faults = null,
        FineTimeProvider? fineTime = null,
        ISiloWatch? silos = null)
    {
        (_model, _storage, _speculation, _time, _logger, _faults) = (model, storage, speculation, fineTime ?? time, logger, faults);
        _siloWatch = silos;
        _origin = _time.GetTimestamp();
    }

    private ITrainingRunGrain Run => GrainFactory.GetGrain<ITrainingRunGrain>(_runId);

    /// <summary>False while this partition only waits for the lead to end an evaluation.</summary>
    private bool WantsSlices => _server is { } server && (server.IsLead || !server.Round.IsEvaluation);

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_runId, _partition) = GrainKeys.Parse(this.GetPrimaryKeyString());
        _silo = RuntimeIdentity;
        _telemetry = new ServerTelemetry(_runId, _time);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _tickDue = TimeSpan.MinValue;

        // CancelAsync would run what waits for it on the thread pool, away from the grain's scheduler.
        _leaving.Cancel();
        _waiting.AnswerAll(_ => Nothing());
        if (_server is { Round.Number: > 0 } && !_isEnded && _options!.Partitions == 1)
        {
            // Several partitions need a checkpoint of one round: each for itself would only overwrite those that they share.
            await _writing;
            await WriteInBackgroundAsync(PartitionCheckpoint.Save(_server, _specSha256, _times), _server.Round.Number);
        }
    }

    /// <inheritdoc/>
    public async Task<ExchangeReply> ExchangeAsync(ExchangeRequest request)
    {
        await EnsureStartedAsync();
        if (_isEnded && request.Round < 0)
        {
            // Somebody set a worker to work: the run goes on, although this activation was told otherwise.
            await RestartAsync();
        }

        var server = _server!;
        var isOfThisRun = request.Worker >= 0 && request.Worker < _options!.Workers;
        if (_isEnded || !isOfThisRun)
        {
            return Nothing() with { Ended = true };
        }

        if (!server.IsLead && server.Round.IsEvaluation && request.LeadRound > server.Round.Number)
        {
            // Only the lead takes part in evaluations; that it is past this one says that the others may be, too.
            BeginNextRound();
        }

        NoteCheckpointRound(request.CheckpointRound);
        NoteSilo(request.Worker, request.Silo);
        if (request.Round == server.Round.Number)
        {
            server.Coordinator.Hear(request.Worker);
            server.Coordinator.NoteSpeed(request.Worker, request.MicrosecondsPerSlice);
        }

        server.TakeWeightsBack(request.Activation, request.Round);
        _telemetry!.Trace.Receive(request);
        var (received, isStep) = (Now, !server.Round.IsEvaluation);
        foreach (var frame in request.Frames)
        {
            var decision = server.Receive(frame.Bytes);
            _telemetry.Received(frame.Bytes, decision.IsAccepted, server.Round.Number - request.Round);
            frame.Release();
            if (!decision.IsAccepted)
            {
                LogDroppedFrame(_runId, _partition, request.Worker, decision.Reason);
            }
        }

        if (request.Leaving)
        {
            server.Coordinator.Retire(request.Worker);
        }

        await CompleteRoundIfReadyAsync();
        _serverTime += isStep ? Now - received : TimeSpan.Zero;
        return request.Leaving ? Nothing() with { Ended = true } : await AnswerAsync(request);
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        if (_starting is not null)
        {
            await EnsureStartedAsync();
        }

        End();
        _starting = null;
    }

    private Task RestartAsync()
    {
        if (_starting is { IsCompleted: true })
        {
            _starting = null;
        }

        return EnsureStartedAsync();
    }

    /// <inheritdoc/>
    public async Task<PartitionState> GetEvaluationStateAsync()
    {
        await EnsureStartedAsync();
        var store = _server!.Store;
        return new PartitionState
        {
            Step = store.Step,
            Start = store.Start,
            Elements = System.Runtime.InteropServices.MemoryMarshal.AsBytes(store.EvaluationState).ToArray(),
        };
    }

    private async Task EnsureStartedAsync()
    {
        var starting = _starting ??= StartAsync();
        try
        {
            await starting;
        }
        catch
        {
            // The next call tries again.
            _starting = _starting == starting ? null : _starting;
            throw;
        }
    }

    private async Task StartAsync()
    {
        var assignment = await Run.AttachServerAsync(_partition);
        var spec = RunSpecJson.Parse(assignment.Request.SpecJson);
        _options = assignment.Request.Options;
        _specSha256 = RunSpecJson.Sha256(spec);
        var server = new PartitionServer(
            _runId, spec, _model.GetLayout(spec), _partition, _options.Partitions, _model.GetEvaluationSamples(spec).Count, _speculation);
        _slots = new CheckpointSlots(_storage, this.GetGrainId(), _specSha256);
        await _slots.ReadAsync();
        _server = server;
        (_checkpoints, _failedCheckpoints) = (0, 0);
        (_serverTime, _waitingTime) = (TimeSpan.Zero, TimeSpan.Zero);
        _isEnded = false;
        _telemetry!.Trace.Attach(assignment.TraceParent);
        Follow(assignment.Directive);
        Restore(_slots.Rounds is [var newest, ..] ? newest : 0);
        LogStarted(_runId, _partition, server.Round.Number);
    }

    private async Task CompleteRoundIfReadyAsync()
    {
        var server = _server!;
        if (!server.Coordinator.IsComplete || _isCompletingEpoch)
        {
            return;
        }

        if (!server.Round.IsEvaluation)
        {
            server.Coordinator.Complete(Now);
            _waitingTime += _waiting.WaitedUntil(Now);
            _telemetry!.Trace.Complete();
            server.ApplyStep();
            NoteStepApplied();
            BeginNextRound();
            return;
        }

        _isCompletingEpoch = true;
        try
        {
            await CompleteEpochAsync();
        }
        finally
        {
            _isCompletingEpoch = false;
        }
    }

    private void BeginNextRound()
    {
        var server = _server!;
        var finished = server.Round;
        server.Advance();
        if (server.IsFinished)
        {
            End();
            return;
        }

        _roundBegun = Now;
        BeginTrace();
        server.Coordinator.Begin(server.Round, _roundBegun);
        ScheduleCheckpoint(finished);
        _waiting.AnswerAll(Reply);
        StartReportIfDue();
    }

    /// <summary>The lead's steps are those of the run.</summary>
    private void BeginTrace()
    {
        if (_server!.IsLead)
        {
            _telemetry!.Trace.Begin(_server.Round);
        }
    }

    private async Task<ExchangeReply> AnswerAsync(ExchangeRequest request)
    {
        if (_isEnded)
        {
            return Nothing() with { Ended = true };
        }

        var server = _server!;
        if (request.Round != server.Round.Number)
        {
            return Reply(request);
        }

        var decision = server.Coordinator.Ask(request.Worker, request.Busy, Now);
        if (!decision.IsWait)
        {
            return Nothing() with { Slices = decision.Slices };
        }

        var reply = _waiting.Add(request, Now + LongestWait, Now);
        TickOrSchedule();
        return await MeasureWaitAsync(request.Worker, reply);
    }

    /// <summary>What a worker of another round needs to take part in this one.</summary>
    private ExchangeReply Reply(ExchangeRequest request)
    {
        var server = _server!;
        var decision = server.Coordinator.Ask(request.Worker, isBusy: false, Now);
        server.Coordinator.Leave(request.Worker);
        return Nothing() with
        {
            Slices = decision.Slices,
            Weights = new FrameBytes(_telemetry!.Transmitted(server.LendWeights(request.Activation))),
            TraceParent = _telemetry.Trace.Parent,
        };
    }

    private ExchangeReply Nothing() => new()
    {
        Round = _server?.Round.Number ?? -1,
        Slices = [],
        CheckpointRound = _checkpointRound,
    };

    private void End()
    {
        _isEnded = true;
        _waiting.AnswerAll(_ => Nothing() with { Ended = true });
    }

    private void Follow(RunDirective directive)
    {
        if (!directive.Continue)
        {
            End();
        }
        else if (_server!.IsLead)
        {
            _server.Coordinator.Leases = LeaseTable.FromOwners(directive.Leases);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}/{Partition}: frame of worker {Worker} dropped: {Reason}")]
    private partial void LogDroppedFrame(string runId, int partition, int worker, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}/{Partition}: serving from round {Round}")]
    private partial void LogStarted(string runId, int partition, long round);
}
