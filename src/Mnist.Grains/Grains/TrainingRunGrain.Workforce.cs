using Mnist.Grains.Contracts;

namespace Mnist.Grains.Grains;

/// <content>Who works on the run.</content>
public sealed partial class TrainingRunGrain
{
    /// <inheritdoc/>
    public Task<Workforce> GetWorkforceAsync()
    {
        var observed = (_report?.Workers ?? []).ToDictionary(worker => worker.Worker);
        var workers = (_workers?.Conditions ?? []).Select((worker, index) =>
        {
            var seen = observed.GetValueOrDefault(index);
            return new WorkerCondition
            {
                IsLive = worker.IsLive,
                IsSuspect = seen?.Suspect ?? false,
                Silo = worker.Silo,
                MicrosecondsPerSlice = seen?.MicrosecondsPerSlice ?? 0,
                WaitFraction = seen?.WaitFraction ?? 0,
            };
        });
        return Task.FromResult(new Workforce
        {
            Step = _report?.Step ?? 0,
            ImagesPerSecond = IsRunning ? _report?.ImagesPerSecond ?? 0 : 0,
            Leases = _leases?.ToOwners() ?? [],
            Workers = [.. workers],
        });
    }

    /// <summary>Ends a run for good, be it one that does not run at the moment.</summary>
    private async Task CancelOnceAsync()
    {
        await StopAsync(RunStatus.Cancelled);
        await _record!.ChangeAsync(
            state => state.Status is RunStatus.Paused or RunStatus.Failed ? state with { Status = RunStatus.Cancelled } : state);
        if (State.Status == RunStatus.Cancelled)
        {
            await DeleteOrTryAgainAsync();
        }
    }
}
