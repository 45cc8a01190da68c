using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <content>What the run grain hears from the lead partition.</content>
public sealed partial class ParameterServerGrain
{
    private TrainingTimes _times;
    private TimeSpan _roundBegun;
    private TimeSpan _lastReport;
    private bool _isReporting;
    private long _samplesSinceReport;
    private double _lossSinceReport;
    private int _stepsSinceReport;

    /// <summary>Time in which frames were taken in, steps applied and workers sent on; evaluations are left out.</summary>
    private TimeSpan _serverTime;

    /// <summary>Time that workers waited for the others to end a step, of all workers together.</summary>
    private TimeSpan _waitingTime;

    private void NoteStepApplied()
    {
        var server = _server!;
        var seconds = (Now - _roundBegun).TotalSeconds;
        _times = new TrainingTimes(_times.TrainSeconds + seconds, _times.EpochSeconds + seconds);
        if (server.IsLead)
        {
            _samplesSinceReport += server.SamplesInRound;
            _lossSinceReport += server.StepLosses[^1];
            _stepsSinceReport++;
            _telemetry!.StepApplied(seconds, server.SamplesInRound);
            LogStep(_runId, server.Store.Step);
        }
    }

    private void StartReportIfDue()
    {
        var server = _server!;
        var isDue = Now - _lastReport >= ReportInterval || (server.Coordinator.HasSuspects && Now - _lastReport >= ReportInterval / 10);
        if (server.IsLead && isDue && !_isReporting && !_isEnded)
        {
            _ = ReportInBackgroundAsync();
        }
    }

    private async Task ReportInBackgroundAsync()
    {
        _isReporting = true;
        try
        {
            Follow(await Run.ReportAsync(CreateReport()));
        }
#pragma warning disable CA1031 // A report that fails is followed by the next one; training does not depend on it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReportFailed(_runId, exception.Message);
        }
        finally
        {
            _isReporting = false;
        }
    }

    /// <summary>Reports the evaluation that is complete, and goes on when the run grain has recorded it.</summary>
    private async Task CompleteEpochAsync()
    {
        var server = _server!;
        var totals = server.Store.Epochs[server.Round.Epoch];
        var report = new EpochReport
        {
            Epoch = server.Round.Epoch,
            Server = CreateReport(),
            StepLosses = [.. server.StepLosses],
            TrainLoss = totals.LossSum / totals.Samples,
            TrainAccuracy = (double)totals.Correct / totals.Samples,
            Seconds = _times.EpochSeconds,
            Probabilities = MemoryMarshal.AsBytes(server.Probabilities).ToArray(),
            Round = server.Round.Number,
        };
        var directive = await Run.CompleteEpochAsync(report);
        if (_server != server || server.Round.Number != report.Round || _isEnded)
        {
            // The partition was stopped or went back to a checkpoint in the meantime.
            return;
        }

        server.Coordinator.Complete(Now);
        _times = _times with { EpochSeconds = 0 };
        Follow(directive);
        if (!_isEnded)
        {
            BeginNextRound();
        }
    }

    private ServerReport CreateReport()
    {
        var server = _server!;
        var now = Now;
        var seconds = (now - _lastReport).TotalSeconds;
        var report = new ServerReport
        {
            Step = server.Store.Step,
            Loss = _stepsSinceReport > 0 ? _lossSinceReport / _stepsSinceReport : double.NaN,
            ImagesPerSecond = seconds > 0 ? _samplesSinceReport / seconds : 0,
            TrainSeconds = _times.TrainSeconds,
            Ledger = new LedgerSummary
            {
                Samples = server.Ledger.Samples,
                Duplicates = server.Ledger.Duplicates,
                Missing = server.Ledger.Missing,
            },
            Faults = new FaultCounters
            {
                SpeculatedSlices = server.Coordinator.SpeculatedSlices,
                RedundantContributions = server.Counters.Redundant,
                StaleContributions = server.Counters.Stale,
                RefusedFrames = server.Counters.Refused,
                Checkpoints = _checkpoints,
                FailedCheckpoints = _failedCheckpoints,
            },
            Workers = [.. server.Coordinator.Observations.Select(worker => new WorkerObservation
            {
                Worker = worker.Worker,
                Suspect = worker.IsSuspect,
                MicrosecondsPerSlice = worker.MicrosecondsPerSlice,
                WaitFraction = WaitFraction(worker.Worker, seconds),
            })],
            Times = new StepTimes
            {
                ServerSeconds = _serverTime.TotalSeconds,
                WaitSeconds = _waitingTime.TotalSeconds / _options!.Workers,
            },
        };
        _telemetry!.Reported(report.ImagesPerSecond);
        (_lastReport, _samplesSinceReport, _lossSinceReport, _stepsSinceReport) = (now, 0, 0, 0);
        _waited.Clear();
        return report;
    }

    [LoggerMessage(Level = LogLevel.Trace, Message = "{RunId}: step {Step} applied")]
    private partial void LogStep(string runId, long step);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{RunId}: report not delivered: {Reason}")]
    private partial void LogReportFailed(string runId, string reason);
}
