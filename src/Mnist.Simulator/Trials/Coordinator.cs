using Mnist.Grains.Contracts;
using Mnist.Simulator.Checks;
using Orleans.Simulation;

namespace Mnist.Simulator.Trials;

/// <summary>Starts the run and watches it, as the coordinator's process does; it can end at any moment, and another takes over.</summary>
internal sealed class Coordinator(
    SimulatedCluster cluster, string runId, RunRequest request, bool deletes, ViolationLog violations, Action<string> say)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Each start begins a new life; code of a former one stops as soon as it notices.
    private int _life;

    // What it keeps on disk: who finds that the run is over does not start it again.
    private (RunProgress Progress, ModelSnapshot? Model)? _results;

    // Calls of any life that may still start the run, or pause it.
    private int _changes;

    /// <summary>What the run came to, once it is over, and deleted where that is wanted.</summary>
    public (RunProgress Progress, ModelSnapshot? Model)? Outcome { get; private set; }

    /// <summary>Begins a life.</summary>
    public void Start()
    {
        var life = ++_life;
        _ = cluster.Start(grains => LiveAsync(grains.GetGrain<ITrainingRunGrain>(runId), life));
    }

    /// <summary>Ends at once.</summary>
    public void Kill() => _life++;

    /// <summary>Ends in an orderly way, as on Ctrl-C: pauses the run first.</summary>
    public void Pause()
    {
        _life++;
        _ = cluster.Start(async grains =>
        {
            try
            {
                await ChangeAsync(grains.GetGrain<ITrainingRunGrain>(runId).PauseAsync);
                say("coordinator: the run is paused");
            }
#pragma warning disable CA1031 // The next life starts the run again, whatever became of the pause.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                say($"coordinator: the pause failed: {exception.Message}");
            }
        });
    }

    private async Task LiveAsync(ITrainingRunGrain run, int life)
    {
        try
        {
            await WatchAsync(run, life);
        }
        catch (RunRejectedException exception)
        {
            violations.Add(Invariants.Results, $"the run was rejected: {exception.Message}");
        }
    }

    private async Task WatchAsync(ITrainingRunGrain run, int life)
    {
        if (_results is null)
        {
            await TrainAsync(run, life);
        }

        if (deletes && _results is { Progress.Status: RunStatus.Completed })
        {
            await DeleteAsync(run, life);
        }

        if (life == _life)
        {
            Outcome = _results;
        }
    }

    /// <summary>Starts the run and stays with it until it is over.</summary>
    private async Task TrainAsync(ITrainingRunGrain run, int life)
    {
        await TryAsync(() => StartAsync(run), life);
        while (life == _life)
        {
            var progress = await TryAsync(run.GetProgressAsync, life);
            if (progress is { Status: RunStatus.Paused })
            {
                // The pause of a former life came late.
                await TryAsync(() => StartAsync(run), life);
            }
            else if (progress is { Status: not (RunStatus.Running or RunStatus.Unknown) })
            {
                var model = progress.Status == RunStatus.Completed ? await TryAsync(() => GetModelAsync(run, progress.Step), life) : null;
                if (progress.Status == RunStatus.Completed)
                {
                    await TryAsync(run.DeleteCheckpointsAsync, life);
                }

                if (life == _life)
                {
                    _results = (progress, model);
                    return;
                }
            }

            await Task.Delay(PollInterval, cluster.Time);
        }
    }

    /// <summary>Deletes the run, as soon as no call is under way that could bring it back.</summary>
    private async Task DeleteAsync(ITrainingRunGrain run, int life)
    {
        while (_changes > 0)
        {
            await Task.Delay(PollInterval, cluster.Time);
        }

        await TryAsync(run.DeleteAsync, life);
    }

    private Task StartAsync(ITrainingRunGrain run) => ChangeAsync(() => run.StartAsync(request));

    private async Task ChangeAsync(Func<Task> change)
    {
        _changes++;
        try
        {
            await change();
        }
        finally
        {
            _changes--;
        }
    }

    private static async Task<ModelSnapshot> GetModelAsync(ITrainingRunGrain run, long step)
    {
        // An activation that was replaced, and does not know it, answers with the weights of a server that does not know it either.
        var model = await run.GetModelAsync();
        return model.Step >= step ? model : throw new InvalidOperationException($"the weights are those of step {model.Step} of {step}");
    }

    private Task<object?> TryAsync(Func<Task> call, int life) => TryAsync<object?>(
        async () =>
        {
            await call();
            return null;
        },
        life);

    /// <summary>Calls until there is an answer, or the life is over.</summary>
    private async Task<T?> TryAsync<T>(Func<Task<T>> call, int life)
    {
        while (life == _life)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is not RunRejectedException)
            {
                say($"coordinator: asks again: {exception.Message}");
                await Task.Delay(RetryDelay, cluster.Time);
            }
        }

        return default;
    }
}
