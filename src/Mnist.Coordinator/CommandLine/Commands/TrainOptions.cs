using System.CommandLine;
using Mnist.Learning;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.CommandLine.Commands;

/// <summary>The options of <c>train</c>.</summary>
internal sealed class TrainOptions
{
    private const int MaxWorkers = 1024;
    private const int MaxPartitions = 64;
    private const double MaxCheckpointSeconds = 86_400;
    private const double MaxPatienceSeconds = 604_800;

    /// <summary>Longer than a database, or all silos of a cluster, take to be started anew.</summary>
    private const double DefaultPatienceSeconds = 300;

    private readonly Option<string?> _recipe = OptionFactory.Choice(
        "--recipe", "Network and how to train it [default: tiny]", Recipes.Names);

    private readonly Option<ulong?> _seed = OptionFactory.WholeNumber<ulong>(
        "--seed", "N", "Seed of everything random; the same seed gives the same weights to the bit [default: 1]", 0, ulong.MaxValue);

    private readonly Option<string?> _cluster = CreateCluster();

    private readonly Option<string?> _engine = EngineOptions.CreateEngine();

    private readonly Option<string?> _torchDevice = EngineOptions.CreateTorchDevice();

    private readonly Option<int?> _workers = OptionFactory.WholeNumber(
        "--workers", "N",
        "Workers that compute gradients; makes no difference to the result "
        + "[default: one a processor; in a cluster, as many as it has room for]",
        1, MaxWorkers);

    private readonly Option<int?> _partitions = OptionFactory.WholeNumber(
        "--partitions", "N", "Parameter servers that share the weights; makes no difference to the result [default: 1]", 1, MaxPartitions);

    private readonly Option<int?> _epochs = OptionFactory.WholeNumber(
        "--epochs", "N", "Passes over the training samples [default: the recipe's]", 1, RunSpecValidator.MaxEpochs);

    private readonly Option<int?> _batch = OptionFactory.WholeNumber(
        "--batch", "N", "Samples a step, over all slices [default: the recipe's]", 1, RunSpecValidator.MaxGlobalBatch);

    private readonly Option<int?> _slices = OptionFactory.WholeNumber(
        "--slices", "N", "Parts of a step that are computed independently, a power of two [default: the recipe's]",
        1, RunSpecValidator.MaxSlices);

    private readonly Option<float?> _learningRate = OptionFactory.Number<float>(
        "--learning-rate", "R", "Highest learning rate [default: the recipe's]",
        "a number above 0", rate => rate > 0 && float.IsFinite(rate));

    private readonly Option<string?> _optimizer = OptionFactory.Choice(
        "--optimizer", "How gradients change weights [default: adam]", OptimizerKinds.All);

    private readonly Option<string?> _schedule = OptionFactory.Choice(
        "--schedule", "How the learning rate falls after the warm-up [default: linear]", ScheduleShapes.All);

    private readonly Option<float?> _warmup = OptionFactory.Number<float>(
        "--warmup", "F", "Part of all steps, 0 to 1, in which the learning rate rises [default: the recipe's]", "0 to 1", IsFraction);

    private readonly Option<float?> _ema = OptionFactory.Number<float>(
        "--ema", "D", "Decay a step of the averaged weights, 0 to switch averaging off [default: the recipe's]",
        "0 or more, below 1", decay => decay is >= 0 and < 1);

    private readonly Option<bool> _augment = OptionFactory.Flag(
        "--augment", "Distort training samples at random [default: as the recipe does]");

    private readonly Option<bool> _noAugment = OptionFactory.Flag("--no-augment", "Leave training samples as they are");

    private readonly Option<double?> _targetAccuracy = OptionFactory.Number<double>(
        "--target-accuracy", "A",
        "End after the first epoch that reaches this accuracy, 0 to 1, on the validation samples, or without any on the test split",
        "a number above 0, at most 1", accuracy => accuracy is > 0 and <= 1);

    private readonly Option<int?> _validation = OptionFactory.WholeNumber(
        "--validation", "N", "Samples at the end of the training split to validate on, not to train on [default: one in twelve]",
        0, int.MaxValue);

    private readonly Option<string?> _out = OptionFactory.FilePath(
        "--out", "DIR", "Folder for the results, created if need be [default: runs/ID, with an ID made for the run]");

    private readonly Option<bool> _resume = OptionFactory.Flag(
        "--resume", "Continue the interrupted run in --out, or the newest one under runs/; begin a new one where there is none");

    private readonly Option<double?> _checkpointInterval = OptionFactory.Number<double>(
        "--checkpoint-interval", "SECONDS", "Time between checkpoints; there is one after every epoch too [default: 5]",
        $"seconds above 0, at most {MaxCheckpointSeconds}", seconds => seconds is > 0 and <= MaxCheckpointSeconds);

    private readonly Option<double?> _patience = OptionFactory.Number<double>(
        "--patience", "SECONDS",
        $"How long to wait for a cluster that cannot be reached, before training and while it lasts [default: {DefaultPatienceSeconds}]",
        $"seconds above 0, at most {MaxPatienceSeconds}", seconds => seconds is > 0 and <= MaxPatienceSeconds);

    /// <summary>The option that says which cluster trains.</summary>
    public static Option<string?> CreateCluster() => OptionFactory.Text(
        "--cluster", "WHERE",
        "Train on silos elsewhere: primary://IP:PORT (this process holds the membership there, and silos join it), gateway://IP:PORT, "
        + "redis://HOST:PORT, or configuration (section Orleans of the environment) [default: train in this process]",
        "the address of a cluster");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _recipe, _seed, _cluster, _patience, _engine, _torchDevice, _workers, _partitions, _epochs, _batch, _slices, _learningRate,
            _optimizer, _schedule, _warmup, _ema, _augment, _noAugment, _targetAccuracy, _validation, GlobalOptions.Data, _out, _resume,
            _checkpointInterval,
        ];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Reads what the user typed.</summary>
    /// <exception cref="InvalidInputException">Two options contradict each other.</exception>
    public TrainArguments Read(ParseResult result)
    {
        var (augment, noAugment) = (result.GetValue(_augment), result.GetValue(_noAugment));
        if (augment && noAugment)
        {
            throw new InvalidInputException("--augment and --no-augment are both given, expected one of them");
        }

        return new TrainArguments
        {
            Recipe = result.GetValue(_recipe),
            Seed = result.GetValue(_seed),
            Overrides = new RunOverrides
            {
                Epochs = result.GetValue(_epochs),
                GlobalBatch = result.GetValue(_batch),
                Slices = result.GetValue(_slices),
                LearningRate = result.GetValue(_learningRate),
                Optimizer = result.GetValue(_optimizer),
                Schedule = result.GetValue(_schedule),
                WarmupFraction = result.GetValue(_warmup),
                EmaDecay = result.GetValue(_ema),
                ValidationSamples = result.GetValue(_validation),
                TargetAccuracy = result.GetValue(_targetAccuracy),
                Augmentation = augment ? true : noAugment ? false : null,
            },
            Cluster = result.GetValue(_cluster),
            PatienceSeconds = result.GetValue(_patience) ?? DefaultPatienceSeconds,
            Engine = result.GetValue(_engine),
            TorchDevice = result.GetValue(_torchDevice),
            Workers = result.GetValue(_workers),
            Partitions = result.GetValue(_partitions),
            CheckpointIntervalSeconds = result.GetValue(_checkpointInterval),
            DataDirectory = result.GetValue(GlobalOptions.Data),
            OutDirectory = result.GetValue(_out),
            Resume = result.GetValue(_resume),
            Json = result.GetValue(GlobalOptions.Json),
            Verbose = result.GetValue(GlobalOptions.Verbose),
        };
    }

    private static bool IsFraction(float value) => value is >= 0 and <= 1;
}
