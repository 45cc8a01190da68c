using Mnist.Coordinator.CommandLine.Commands;
using Mnist.Coordinator.Output;
using Mnist.Coordinator.Reports;
using Mnist.Coordinator.Runs;
using Mnist.Grains;
using Mnist.Grains.Contracts;
using Mnist.Learning;
using Mnist.Learning.Data;
using Mnist.Learning.Models;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Training;

/// <summary>A run whose folder is claimed, whose data is loaded and whose manifest is written: ready to be trained.</summary>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Manifest">What was written at its start.</param>
/// <param name="Spec">What is trained.</param>
/// <param name="Dataset">The data set.</param>
/// <param name="IsResumed">Whether it was begun before.</param>
internal sealed record PreparedRun(RunFolder Folder, RunManifest Manifest, RunSpec Spec, Dataset Dataset, bool IsResumed)
{
    private const int DefaultPartitions = 1;
    private const ulong DefaultSeed = 1;
    private const double DefaultCheckpointIntervalSeconds = 5;

    /// <summary>What to ask of the run's grain.</summary>
    public RunRequest Request => new()
    {
        SpecJson = RunSpecJson.Serialize(Spec),
        Options = new RunOptions
        {
            Workers = Manifest.Workers,
            Partitions = Manifest.Partitions,
            CheckpointInterval = TimeSpan.FromSeconds(Manifest.CheckpointIntervalSeconds),
        },
    };

    /// <summary>What to tell the user as it begins.</summary>
    public StartedEvent Started => new(
        Manifest.RunId,
        Spec.Recipe,
        Spec.Seed,
        Manifest.SpecSha256,
        Spec.Epochs,
        Spec.TrainingSamples,
        Manifest.Workers,
        Manifest.Partitions,
        Dataset.Name,
        Dataset.Sha256,
        Edition.Name,
        Folder.Path,
        IsResumed);

    /// <summary>What its files show once it was trained.</summary>
    /// <param name="outcome">What it came to.</param>
    public RunReport Report(TrainingOutcome outcome) => new()
    {
        RunId = Manifest.RunId,
        Edition = Edition.Name,
        Engine = outcome.Progress.Engines is { Length: > 0 } engines ? string.Join(", ", engines) : "unknown",
        Spec = Spec,
        Workers = Manifest.Workers,
        Dataset = Dataset,
        Layout = Networks.Create(Spec.Network).Layout,
        State = outcome.State,
        Epochs = outcome.Progress.Epochs,
        TestProbabilities = outcome.TestProbabilities,
        TrainSeconds = outcome.Progress.TrainSeconds,
        Times = outcome.Progress.Times,
        ImagesPerSecond = outcome.ImagesPerSecond,
        Ledger = outcome.Progress.Ledger,
        Faults = outcome.Progress.Faults,
        Version = About.Version,
        Machine = About.Machine,
        FinishedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>Name of the recipe where the user names none.</summary>
    private static string DefaultRecipe => Recipes.Names[0];

    /// <summary>In a cluster a worker for each slice, of which those work for whom there is room: silos that join find some.</summary>
    private static int DefaultWorkers(TrainArguments arguments, RunSpec spec) =>
        arguments.Cluster is null ? Environment.ProcessorCount : spec.Slices;

    /// <summary>The folder of a new run.</summary>
    /// <param name="arguments">What the user typed.</param>
    /// <returns>The run's name and its folder.</returns>
    /// <exception cref="InvalidInputException">An option is not usable.</exception>
    public static (string RunId, RunFolder Folder) Name(TrainArguments arguments)
    {
        // Finds wrong options before anything is created or fetched. What depends on the data set is checked once that is there.
        var recipe = arguments.Recipe ?? DefaultRecipe;
        var seed = arguments.Seed ?? DefaultSeed;
        _ = Recipes.Create(recipe, seed, DatasetManifest.Mnist.Sha256, int.MaxValue, arguments.Overrides);
        var runId = RunId.Create(recipe, seed, DateTimeOffset.UtcNow);
        return (runId, new RunFolder(arguments.OutDirectory ?? Path.Combine(RunFolder.DefaultParent, runId)));
    }

    /// <summary>What a new run would train.</summary>
    /// <param name="arguments">What the user typed.</param>
    /// <param name="dataset">The data set that it would be trained on.</param>
    /// <exception cref="InvalidInputException">An option does not fit the data set.</exception>
    public static RunSpec SpecOf(TrainArguments arguments, Dataset dataset) =>
        Recipes.Create(arguments.Recipe ?? DefaultRecipe, arguments.Seed ?? DefaultSeed, dataset, arguments.Overrides);

    /// <summary>Prepares a new run.</summary>
    /// <param name="claim">Its folder.</param>
    /// <param name="runId">Its name.</param>
    /// <param name="arguments">What the user typed.</param>
    /// <param name="dataset">The data set that it is trained on.</param>
    /// <exception cref="InvalidInputException">An option does not fit the data set, or the folder cannot be written.</exception>
    public static PreparedRun Begin(RunClaim claim, string runId, TrainArguments arguments, Dataset dataset)
    {
        var spec = SpecOf(arguments, dataset);
        var manifest = RunManifest.Create(
            runId,
            spec,
            dataset.Name,
            arguments.DataDirectory,
            arguments.Workers ?? DefaultWorkers(arguments, spec),
            arguments.Partitions ?? DefaultPartitions,
            arguments.CheckpointIntervalSeconds ?? DefaultCheckpointIntervalSeconds) with
        {
            Engine = arguments.Engine,
            TorchDevice = arguments.TorchDevice,
        };
        manifest.Write(claim.Folder.ManifestPath);
        return new PreparedRun(claim.Folder, manifest, spec, dataset, IsResumed: false);
    }

    /// <summary>Prepares an interrupted run to be continued.</summary>
    /// <param name="claim">Its folder.</param>
    /// <param name="arguments">What the user typed; what decides the result must be as it was.</param>
    /// <param name="load">Loads the data set in a folder; null stands for MNIST.</param>
    /// <exception cref="InvalidInputException">The manifest, the data set or an option is not usable.</exception>
    public static async Task<PreparedRun> ContinueAsync(RunClaim claim, TrainArguments arguments, Func<string?, Task<Dataset>> load)
    {
        var stored = RunManifest.Read(claim.Folder.ManifestPath);
        var spec = stored.ReadSpec(claim.Folder.ManifestPath);
        SpecificationConflict.Check(arguments.Recipe, arguments.Seed, arguments.Overrides, arguments.Partitions, stored, spec);
        SpecificationConflict.CheckEngine(arguments.Engine, arguments.TorchDevice, stored);
        var dataDirectory = arguments.DataDirectory ?? stored.DataDirectory;
        var dataset = await load(dataDirectory);
        RunSpecValidator.ValidateDataset(spec, dataset);
        var manifest = stored with
        {
            Workers = arguments.Workers ?? stored.Workers,
            CheckpointIntervalSeconds = arguments.CheckpointIntervalSeconds ?? stored.CheckpointIntervalSeconds,
            DataDirectory = dataDirectory is null ? null : Path.GetFullPath(dataDirectory),
            Pid = Environment.ProcessId,
        };
        manifest.Write(claim.Folder.ManifestPath);
        return new PreparedRun(claim.Folder, manifest, spec, dataset, IsResumed: true);
    }
}
