using System.Runtime.InteropServices;
using Mnist.Grains.Contracts;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Training;
using Orleans.Storage;

namespace Mnist.Grains.Grains;

/// <content>What came of the epochs, and how far the run is.</content>
public sealed partial class TrainingRunGrain
{
    /// <summary>How long the storage may refuse the results of an epoch before the run gives up.</summary>
    private static readonly TimeSpan StoragePatience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<RunDirective> CompleteEpochAsync(EpochReport report)
    {
        if (State.Status != RunStatus.Running)
        {
            return CreateDirective();
        }

        var samples = _model.GetEvaluationSamples(_spec!);
        var probabilities = MemoryMarshal.Cast<byte, float>(report.Probabilities).ToArray();
        var testStart = samples.Validation.Count * ImageSet.Classes;
        var test = EvaluationSummary.FromProbabilities(probabilities.AsSpan(testStart), samples.Test.Labels.Span);
        var validation = samples.Validation.Count == 0
            ? null
            : EvaluationSummary.FromProbabilities(probabilities.AsSpan(0, testStart), samples.Validation.Labels.Span);
        var result = CreateResult(report, validation, test);
        var isLast = result.Epoch == _spec!.Epochs
            || (_spec.TargetAccuracy is { } target && (result.ValidationAccuracy ?? result.TestAccuracy) >= target);
        _report = report.Server;
        DivideLeases(report.Server);
        if (!await RecordAsync(report, result, MemoryMarshal.AsBytes(probabilities.AsSpan(testStart)).ToArray(), isLast))
        {
            await RealignAsync();
            throw new InvalidOperationException($"run {RunId}: epoch {result.Epoch} cannot be recorded at the moment");
        }

        return CreateDirective();
    }

    private EpochResult CreateResult(EpochReport report, EvaluationSummary? validation, EvaluationSummary test)
    {
        var plan = _plan!;
        var lastStep = ((report.Epoch + 1L) * plan.StepsPerEpoch) - 1;
        return new EpochResult
        {
            Epoch = report.Epoch + 1,
            TrainLoss = report.TrainLoss,
            TrainAccuracy = report.TrainAccuracy,
            ValidationAccuracy = validation?.Accuracy,
            TestAccuracy = test.Accuracy,
            TestLoss = test.Loss,
            LearningRate = new LearningRateSchedule(_spec!.Schedule, plan.TotalSteps).Rate(lastStep),
            Seconds = report.Seconds,
            StepLosses = report.StepLosses,
        };
    }

    /// <summary>Records an epoch, unless it was recorded before: one that is trained again after a crash has the same result.</summary>
    /// <returns>False when a partition has lost the weights of the run's last epoch in the meantime, or the run has been stopped.</returns>
    private async Task<bool> RecordAsync(EpochReport report, EpochResult result, byte[] testProbabilities, bool isLast)
    {
        try
        {
            if (State.Epochs.Length < result.Epoch - 1)
            {
                // A server trains an epoch only when those before are recorded: another activation recorded them.
                await _record!.ReloadAsync();
            }

            if (State.Epochs.Length >= result.Epoch)
            {
                return true;
            }

            var model = isLast ? await CollectModelAsync(report.Server.Step) : null;
            if (isLast && model is null)
            {
                return false;
            }

            await _record!.ChangeAsync(state =>
            {
                var isNext = state.Status == RunStatus.Running && state.Epochs.Length == result.Epoch - 1;
                return !isNext ? state : state with
                {
                    Epochs = [.. state.Epochs, result],
                    Evaluation = new EvaluationSnapshot { Epoch = result.Epoch, TestProbabilities = testProbabilities },
                    Ledger = report.Server.Ledger,
                    TrainSeconds = report.Server.TrainSeconds,
                    Engines = EnginesOf(state),
                    Status = isLast ? RunStatus.Completed : state.Status,
                    Model = model,
                };
            });
            _storageFailingSince = null;
        }
        catch (Exception exception) when (exception is not InconsistentStateException)
        {
            _failedWrites++;
            var since = _storageFailingSince ??= _time.GetTimestamp();
            if (_time.GetElapsedTime(since) >= StoragePatience)
            {
                await FailAsync($"run {RunId}: results of epoch {result.Epoch} cannot be stored: {exception.GetBaseException().Message}");
            }

            throw;
        }

        if (State.Status == RunStatus.Completed)
        {
            // A report that was under way may have come in between.
            _report = report.Server;
            _timer?.Dispose();
            _ = DeleteOrTryAgainAsync();
        }

        return State.Epochs.Length >= result.Epoch;
    }

    /// <inheritdoc/>
    public async Task<ModelSnapshot> GetModelAsync()
    {
        if (_spec is null || State.Status == RunStatus.Deleting)
        {
            throw new RunRejectedException($"run {RunId}: is {(_spec is null ? "unknown" : "being deleted")}");
        }

        return State.Model
            ?? await CollectModelAsync()
            ?? throw new InvalidOperationException($"run {RunId}: partitions are at different steps at the moment, ask again");
    }

    /// <summary>The weights of all partitions.</summary>
    /// <param name="step">The steps that they must have applied; null for any number.</param>
    /// <returns>Null where a partition is at another step.</returns>
    private async Task<ModelSnapshot?> CollectModelAsync(long? step = null)
    {
        var state = new byte[_model.GetLayout(_spec!).StateLength * sizeof(float)];
        foreach (var server in Servers())
        {
            var part = await server.GetEvaluationStateAsync();
            step ??= part.Step;
            if (part.Step != step)
            {
                return null;
            }

            part.Elements.CopyTo(state, part.Start * sizeof(float));
        }

        return new ModelSnapshot { Step = step ?? 0, State = state };
    }

    private RunProgress CreateProgress()
    {
        // What is stored of a completed run is newer than any report of a server that trained it.
        var newest = State.Status == RunStatus.Completed ? null : _report;
        var step = newest?.Step ?? (long)(_plan?.StepsPerEpoch ?? 0) * State.Epochs.Length;
        var faults = _faultsOfFormerServers.Plus(_report?.Faults);
        return new RunProgress
        {
            Status = State.Status,
            Step = step,
            TotalSteps = _plan?.TotalSteps ?? 0,
            Epoch = _plan is null ? 0 : (int)Math.Min(step / _plan.StepsPerEpoch, _spec!.Epochs - 1),
            Loss = _report?.Loss ?? double.NaN,
            ImagesPerSecond = _report?.ImagesPerSecond ?? 0,
            TrainSeconds = Math.Max(_report?.TrainSeconds ?? 0, State.TrainSeconds),
            Epochs = State.Epochs,
            Ledger = newest?.Ledger ?? State.Ledger ?? new LedgerSummary { Samples = 0, Duplicates = 0, Missing = 0 },
            Faults = faults with
            {
                LeaseMoves = _leaseMoves,
                Recoveries = Math.Max(0, _attachments - 1),
                FailedCheckpoints = faults.FailedCheckpoints + _failedWrites,
            },
            LiveWorkers = _workers?.Live.Count() ?? 0,
            Error = State.Error,
            Engines = EnginesOf(State),
            Times = _report?.Times ?? new StepTimes(),
        };
    }

    /// <summary>What the run's gradients were computed with: until the state was stored, and since.</summary>
    private string[] EnginesOf(RunState state) => [.. _engines.Union(state.Engines).Order(StringComparer.Ordinal)];
}
