using Mnist.Learning.Data;

namespace Mnist.Learning.Specification;

/// <summary>The recipes that users choose from, and how a run specification is made from one.</summary>
public static class Recipes
{
    /// <summary>One in so many training images is held out for validation: 5,000 of MNIST's 60,000.</summary>
    private const int ValidationDivisor = 12;

    /// <summary>Distortion that keeps every digit recognizable: a little of everything.</summary>
    private static readonly AugmentationSpec MildAugmentation = new()
    {
        RotationDegrees = 10,
        TranslationPixels = 1.5f,
        Scale = 0.08f,
        ShearDegrees = 6,
    };

    /// <summary>All recipes, the quickest convolutional one first.</summary>
    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("tiny", "tiny", "9 k parameters, 99.1 % in seconds", Epochs: 2, AdamLearningRate: 0.02f, SgdLearningRate: 0.1f),
        new("small", "small", "29 k parameters, 99.5 %", Epochs: 10, AdamLearningRate: 0.01f, SgdLearningRate: 0.1f)
        {
            EmaDecay = 0.998f,
            Augmentation = MildAugmentation,
        },
        new("wide", "wide", "80 k parameters, 99.6 %: the most accurate", Epochs: 14, AdamLearningRate: 0.01f, SgdLearningRate: 0.1f)
        {
            EmaDecay = 0.998f,
        },
        new("classic", "classic", "1.2 M parameters, the network of PyTorch's MNIST example, 99.2 %",
            Epochs: 14, AdamLearningRate: 0.002f, SgdLearningRate: 0.05f)
        {
            Beta2 = 0.999f,
        },
        new("mlp", "mlp", "102 k parameters, no convolutions, 98 %", Epochs: 10, AdamLearningRate: 0.005f, SgdLearningRate: 0.1f)
        {
            Beta2 = 0.999f,
        },
    ];

    /// <summary>Names of all recipes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(recipe => recipe.Name)];

    /// <summary>The recipe of a name.</summary>
    /// <param name="name">Name that the user typed.</param>
    /// <exception cref="InvalidInputException">There is no such recipe; the message lists those that there are.</exception>
    public static Recipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new InvalidInputException($"recipe is '{name}', expected one of {string.Join(", ", Names)}");

    /// <summary>Makes the specification of a run on a data set that was read.</summary>
    /// <param name="name">Name of the recipe.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="dataset">Data set; the run trains on its training split, less what is held out for validation.</param>
    /// <param name="overrides">What differs from the recipe, or null.</param>
    /// <exception cref="InvalidInputException">No such recipe, or a value is out of range.</exception>
    public static RunSpec Create(string name, ulong seed, Dataset dataset, RunOverrides? overrides = null) =>
        Create(name, seed, dataset.Sha256, dataset.Training.Count, overrides);

    /// <summary>Makes the specification of a run on a data set that is known by its hash and size.</summary>
    /// <param name="name">Name of the recipe.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="datasetSha256">Hash of the data set.</param>
    /// <param name="trainingCount">Images in the training split, those for validation included.</param>
    /// <param name="overrides">What differs from the recipe, or null.</param>
    /// <exception cref="InvalidInputException">No such recipe, or a value is out of range.</exception>
    public static RunSpec Create(string name, ulong seed, string datasetSha256, int trainingCount, RunOverrides? overrides = null)
    {
        var recipe = Find(name);
        overrides ??= RunOverrides.None;
        var optimizer = overrides.Optimizer ?? OptimizerKinds.Adam;
        var learningRate = optimizer == OptimizerKinds.Sgd ? recipe.SgdLearningRate : recipe.AdamLearningRate;
        var validationSamples = overrides.ValidationSamples ?? trainingCount / ValidationDivisor;
        if (validationSamples < 0 || validationSamples >= trainingCount)
        {
            throw new InvalidInputException(
                $"validationSamples is {validationSamples}, expected 0 to {trainingCount - 1}, which leaves something to train on");
        }

        var spec = new RunSpec
        {
            Recipe = recipe.Name,
            Network = recipe.Network,
            Seed = seed,
            GlobalBatch = overrides.GlobalBatch ?? recipe.GlobalBatch,
            Slices = overrides.Slices ?? recipe.Slices,
            Epochs = overrides.Epochs ?? recipe.Epochs,
            TargetAccuracy = overrides.TargetAccuracy,
            Optimizer = new OptimizerSpec(optimizer) { Beta2 = recipe.Beta2, WeightDecay = overrides.WeightDecay ?? 0 },
            Schedule = new ScheduleSpec(
                overrides.Schedule ?? ScheduleShapes.Linear,
                overrides.LearningRate ?? learningRate,
                overrides.WarmupFraction ?? recipe.WarmupFraction),
            Augmentation = Distortion(recipe, overrides.Augmentation),
            EmaDecay = overrides.EmaDecay ?? recipe.EmaDecay,
            Consistency = overrides.Consistency ?? RunSpecValidator.SupportedConsistency[0],
            Compression = overrides.Compression ?? RunSpecValidator.SupportedCompression[0],
            DatasetSha256 = datasetSha256,
            TrainingSamples = trainingCount - validationSamples,
            ValidationSamples = validationSamples,
        };
        RunSpecValidator.Validate(spec);
        return spec;
    }

    private static AugmentationSpec Distortion(Recipe recipe, bool? wanted) => wanted switch
    {
        null => recipe.Augmentation,
        false => new AugmentationSpec(),
        true => recipe.Augmentation.IsIdentity ? MildAugmentation : recipe.Augmentation,
    };
}
