using Mnist.Coordinator.Runs;
using Mnist.Grains;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;
using PreparedRun = Mnist.Coordinator.Training.PreparedRun;

namespace Mnist.Coordinator.Service.Runs;

/// <summary>
/// Begins, stops and continues runs. What was running or waiting when the coordinator ended, however it ended, goes on when it
/// starts again.
/// </summary>
internal sealed partial class RunManager(
    ServiceOptions options, Dataset dataset, RunRegistry registry, RunQueue queue, RunRemover remover, ILogger<RunManager> logger)
    : IRunService, IHostedService
{
    /// <inheritdoc/>
    public ServiceView About { get; } = new()
    {
        Version = Coordinator.About.Version,
        Edition = Edition.Name,
        Machine = Coordinator.About.Machine,
        Dataset = dataset.Name,
        Recipes = Recipes.All.ToDictionary(recipe => recipe.Name, recipe => recipe.Summary),
        RunsAtOnce = options.RunsAtOnce,
        FaultsEnabled = options.EnableFaults,
        IsCluster = options.Cluster is not null,
    };

    /// <inheritdoc/>
    public Page<RunView> List(RunQuery query)
    {
        var runs = registry.All.Where(run => query.Status is null || run.Phase == query.Status).ToArray();
        return new Page<RunView>([.. runs.Skip(query.Offset).Take(query.Limit).Select(View)], runs.Length, query.Offset);
    }

    /// <inheritdoc/>
    public RunView Get(string runId) => View(registry.Get(runId));

    /// <inheritdoc/>
    public Task<RunView> SubmitAsync(NewRun run, CancellationToken cancellationToken)
    {
        var arguments = NewRunParser.Parse(run) with { Cluster = options.Cluster, DataDirectory = options.DataDirectory };
        var (runId, name) = PreparedRun.Name(arguments with { OutDirectory = null });
        CheckSize(arguments, PreparedRun.SpecOf(arguments, dataset));
        queue.CheckRoom();
        var folder = new RunFolder(Path.Combine(options.RunsDirectory, Path.GetFileName(name.Path)));
        var claim = RunClaim.ForNewRun(folder);
        try
        {
            var prepared = PreparedRun.Begin(claim, runId, arguments, dataset);
            var entry = registry.Add(folder, prepared.Manifest);
            queue.Enqueue(new RunAttempt(entry, claim, isResumed: false));
            return Task.FromResult(View(entry));
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<RunView> CancelAsync(string runId, CancellationToken cancellationToken)
    {
        var entry = registry.Get(runId);
        if (!await queue.StopAsync(entry, RunEventTypes.Cancelled, cancellationToken) && entry.Phase != RunPhase.Cancelled)
        {
            // Nobody works on it: it is ended as if an attempt had been.
            using var attempt = HasVanished(entry)
                ? new RunAttempt(entry, claim: null, isResumed: true)
                : Take(entry, "cannot be cancelled");
            attempt.Stop(RunEventTypes.Cancelled);
            await queue.EndAsync(attempt, cancellationToken);
        }

        return View(entry);
    }

    /// <inheritdoc/>
    public async Task<RunView> PauseAsync(string runId, CancellationToken cancellationToken)
    {
        var entry = registry.Get(runId);
        var isStopped = await queue.StopAsync(entry, RunEventTypes.Paused, cancellationToken);
        return isStopped || entry.Phase == RunPhase.Paused ? View(entry) : throw Conflict(entry, "cannot be paused");
    }

    /// <inheritdoc/>
    public Task<RunView> ResumeAsync(string runId, CancellationToken cancellationToken)
    {
        var entry = registry.Get(runId);
        if (!queue.Contains(entry))
        {
            queue.CheckRoom();
            queue.Enqueue(Take(entry, "cannot be resumed"));
        }

        return Task.FromResult(View(entry));
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string runId, CancellationToken cancellationToken)
    {
        var entry = registry.Get(runId);
        if (entry.Phase is RunPhase.Queued or RunPhase.Running or RunPhase.Paused)
        {
            throw Conflict(entry, "cannot be deleted; cancel it first");
        }

        await queue.WhenDoneAsync(entry, cancellationToken);
        if (entry.Folder.IsInterrupted)
        {
            // It failed and could go on: nobody is to resume it while it is deleted.
            await CancelAsync(runId, cancellationToken);
        }

        await remover.RemoveAsync(entry, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RunEvent> WatchAsync(string runId, long afterId, CancellationToken cancellationToken)
    {
        var run = registry.Get(runId);

        // What `mnist train` began leaves no events, and there will be none unless somebody resumes it here.
        return run is { HasEvents: false, Attempt: null }
            ? AsyncEnumerable.Empty<RunEvent>()
            : run.WatchAsync(afterId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        remover.Finish();
        var interrupted = registry.All.Where(run => run.Phase is RunPhase.Running or RunPhase.Queued).Reverse();
        foreach (var run in interrupted)
        {
            if (run.Folder.IsInterrupted && RunClaim.ForInterruptedRunUnlessInUse(run.Folder) is { } claim)
            {
                LogContinued(run.RunId);
                queue.Enqueue(new RunAttempt(run, claim, isResumed: true));
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => queue.SuspendAsync(cancellationToken);

    private RunView View(RunEntry entry) => entry.View(queue.PositionOf(entry));

    private void CheckSize(CommandLine.Commands.TrainArguments arguments, RunSpec spec)
    {
        var passes = (long)spec.Epochs * spec.TrainingSamples;
        if (passes > options.MaxSamplePasses)
        {
            throw new InvalidInputException(
                $"epochs is {spec.Epochs}: {passes} samples in all, expected at most {options.MaxSamplePasses} on this coordinator");
        }

        if (arguments.Workers > options.MaxWorkers)
        {
            throw new InvalidInputException($"workers is {arguments.Workers}, expected 1 to {options.MaxWorkers} on this coordinator");
        }
    }

    /// <summary>Takes a run that nobody works on.</summary>
    private static RunAttempt Take(RunEntry entry, string refusal)
    {
        if (!entry.Folder.IsInterrupted)
        {
            throw Conflict(entry, HasVanished(entry) ? $"{refusal}: its folder is gone" : refusal);
        }

        var claim = RunClaim.ForInterruptedRunUnlessInUse(entry.Folder) ?? throw new ServiceException(
            ServiceProblem.Conflict, $"run {entry.RunId}: another process works on it");
        return new RunAttempt(entry, claim, isResumed: true);
    }

    /// <summary>Whether somebody has removed the folder of a run by hand that could go on.</summary>
    private static bool HasVanished(RunEntry entry) => !entry.Folder.HasRun && entry.Phase is not RunPhase.Completed;

    private static ServiceException Conflict(RunEntry entry, string refusal) =>
        new(ServiceProblem.Conflict, $"run {entry.RunId}: is {entry.Phase.ToString().ToLowerInvariant()} and {refusal}");

    [LoggerMessage(Level = LogLevel.Information, Message = "{RunId}: goes on")]
    private partial void LogContinued(string runId);
}
