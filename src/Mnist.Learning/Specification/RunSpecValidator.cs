using System.Globalization;
using Mnist.Learning.Data;
using Mnist.Learning.Models;

namespace Mnist.Learning.Specification;

/// <summary>Checks that a run specification, whoever wrote it, can be run. Fields are named as in its JSON form.</summary>
public static class RunSpecValidator
{
    /// <summary>Most slices of a step: a few for each of a thousand workers. The server has room for half as many contributions.</summary>
    public const int MaxSlices = 4096;

    /// <summary>Most samples a step.</summary>
    public const int MaxGlobalBatch = 65_536;

    /// <summary>Most passes over the training samples.</summary>
    public const int MaxEpochs = 100_000;

    private const int Sha256HexLength = 64;

    /// <summary>Consistency modes that can be run.</summary>
    public static IReadOnlyList<string> SupportedConsistency { get; } = ["sync"];

    /// <summary>Gradient codecs that can be run.</summary>
    public static IReadOnlyList<string> SupportedCompression { get; } = ["fp32"];

    /// <summary>Checks every field.</summary>
    /// <param name="spec">Specification to check.</param>
    /// <exception cref="InvalidInputException">A field is out of range; the message says what was found and expected.</exception>
    public static void Validate(RunSpec spec)
    {
        Check(spec.Recipe.Length is > 0 and <= 64, "recipe", Quote(spec.Recipe), "1 to 64 characters");
        CheckOneOf(spec.Network, "network", Networks.Names);
        Check(int.IsPow2(spec.Slices) && spec.Slices <= MaxSlices, "slices", spec.Slices, $"a power of two from 1 to {MaxSlices}");
        Check(spec.GlobalBatch is >= 1 and <= MaxGlobalBatch, "globalBatch", spec.GlobalBatch, $"1 to {MaxGlobalBatch}");
        Check(spec.GlobalBatch % spec.Slices == 0, "globalBatch", spec.GlobalBatch, $"a multiple of slices, which is {spec.Slices}");
        Check(spec.Epochs is >= 1 and <= MaxEpochs, "epochs", spec.Epochs, $"1 to {MaxEpochs}");
        Check(
            spec.TargetAccuracy is null or (> 0 and <= 1),
            "targetAccuracy", spec.TargetAccuracy ?? 0, "more than 0 and at most 1, or null");
        CheckOptimizer(spec.Optimizer);
        CheckOneOf(spec.Schedule.Shape, "schedule.shape", ScheduleShapes.All);
        Check(
            float.IsFinite(spec.Schedule.Peak) && spec.Schedule.Peak > 0,
            "schedule.peak", spec.Schedule.Peak, "a finite learning rate above 0");
        Check(spec.Schedule.WarmupFraction is >= 0 and <= 1, "schedule.warmupFraction", spec.Schedule.WarmupFraction, "0 to 1");
        CheckAugmentation(spec.Augmentation);
        Check(spec.EmaDecay is >= 0 and < 1, "emaDecay", spec.EmaDecay, "0 (off) or more, below 1");
        CheckOneOf(spec.Consistency, "consistency", SupportedConsistency);
        CheckOneOf(spec.Compression, "compression", SupportedCompression);
        Check(
            spec.DatasetSha256.Length == Sha256HexLength && spec.DatasetSha256.All(char.IsAsciiHexDigitLower),
            "datasetSha256", Quote(spec.DatasetSha256), $"{Sha256HexLength} lower-case hexadecimal digits");
        Check(spec.TrainingSamples >= 1, "trainingSamples", spec.TrainingSamples, "at least 1");
        Check(spec.ValidationSamples >= 0, "validationSamples", spec.ValidationSamples, "0 or more");
    }

    /// <summary>Checks that a specification is for this data set.</summary>
    /// <param name="spec">A valid specification.</param>
    /// <param name="dataset">Data set at hand.</param>
    /// <exception cref="InvalidInputException">The data set is another one or too small.</exception>
    public static void ValidateDataset(RunSpec spec, Dataset dataset)
    {
        Check(
            spec.DatasetSha256 == dataset.Sha256,
            "datasetSha256", spec.DatasetSha256, $"{dataset.Sha256}, the data set '{dataset.Name}'");
        var wanted = (long)spec.TrainingSamples + spec.ValidationSamples;
        Check(
            wanted <= dataset.Training.Count,
            "trainingSamples + validationSamples", wanted, $"at most {dataset.Training.Count}, the images of the training split");
    }

    private static void CheckOptimizer(OptimizerSpec optimizer)
    {
        CheckOneOf(optimizer.Kind, "optimizer.kind", OptimizerKinds.All);
        Check(optimizer.Beta1 is >= 0 and < 1, "optimizer.beta1", optimizer.Beta1, "0 or more, below 1");
        Check(optimizer.Beta2 is >= 0 and < 1, "optimizer.beta2", optimizer.Beta2, "0 or more, below 1");
        Check(
            float.IsFinite(optimizer.Epsilon) && optimizer.Epsilon > 0,
            "optimizer.epsilon", optimizer.Epsilon, "a finite number above 0");
        Check(
            float.IsFinite(optimizer.WeightDecay) && optimizer.WeightDecay >= 0,
            "optimizer.weightDecay", optimizer.WeightDecay, "a finite number, 0 or more");
    }

    private static void CheckAugmentation(AugmentationSpec augmentation)
    {
        Check(augmentation.RotationDegrees is >= 0 and <= 180, "augmentation.rotationDegrees", augmentation.RotationDegrees, "0 to 180");
        Check(
            augmentation.TranslationPixels is >= 0 and <= ImageSet.Side / 2,
            "augmentation.translationPixels", augmentation.TranslationPixels, $"0 to {ImageSet.Side / 2}");
        Check(augmentation.Scale is >= 0 and <= 0.5f, "augmentation.scale", augmentation.Scale, "0 to 0.5");
        Check(augmentation.ShearDegrees is >= 0 and <= 45, "augmentation.shearDegrees", augmentation.ShearDegrees, "0 to 45");
    }

    private static void CheckOneOf(string value, string field, IReadOnlyList<string> supported)
    {
        var expected = supported.Count == 1 ? $"'{supported[0]}'" : $"one of {string.Join(", ", supported)}";
        Check(supported.Contains(value), field, Quote(value), expected);
    }

    private static void Check<T>(bool valid, string field, T found, string expected)
    {
        if (!valid)
        {
            throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture, $"{field} is {found}, expected {expected}"));
        }
    }

    /// <summary>Quotes text of the user for a one-line message.</summary>
    private static string Quote(string text) => $"'{(text.Length <= 80 ? text : text[..80] + "…").ReplaceLineEndings(" ")}'";
}
