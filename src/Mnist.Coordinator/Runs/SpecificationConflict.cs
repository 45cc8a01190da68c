using System.Globalization;
using Mnist.Learning;
using Mnist.Learning.Engines;
using Mnist.Learning.Specification;

namespace Mnist.Coordinator.Runs;

/// <summary>Compares what the user asks for with the specification of the run that is to be continued.</summary>
internal static class SpecificationConflict
{
    /// <summary>Refuses options that would change the result of a run that was begun without them.</summary>
    /// <param name="recipe">Recipe that was asked for; null keeps the run's.</param>
    /// <param name="seed">Seed that was asked for; null keeps the run's.</param>
    /// <param name="overrides">What else was asked for; null values keep the run's.</param>
    /// <param name="partitions">Partitions that were asked for; null keeps the run's.</param>
    /// <param name="manifest">The run.</param>
    /// <param name="spec">Its specification.</param>
    /// <exception cref="InvalidInputException">An option differs; the message names it and both values.</exception>
    public static void Check(
        string? recipe, ulong? seed, RunOverrides overrides, int? partitions, RunManifest manifest, RunSpec spec)
    {
        (string Option, object? Wanted, object? Stored)[] options =
        [
            ("--recipe", recipe, spec.Recipe),
            ("--seed", seed, spec.Seed),
            ("--partitions", partitions, manifest.Partitions),
            ("--epochs", overrides.Epochs, spec.Epochs),
            ("--batch", overrides.GlobalBatch, spec.GlobalBatch),
            ("--slices", overrides.Slices, spec.Slices),
            ("--learning-rate", overrides.LearningRate, spec.Schedule.Peak),
            ("--optimizer", overrides.Optimizer, spec.Optimizer.Kind),
            ("--schedule", overrides.Schedule, spec.Schedule.Shape),
            ("--warmup", overrides.WarmupFraction, spec.Schedule.WarmupFraction),
            ("--ema", overrides.EmaDecay, spec.EmaDecay),
            ("--augment", overrides.Augmentation, !spec.Augmentation.IsIdentity),
            ("--target-accuracy", overrides.TargetAccuracy, spec.TargetAccuracy),
            ("--validation", overrides.ValidationSamples, spec.ValidationSamples),
        ];
        Refuse(options, manifest);
    }

    /// <summary>Refuses an engine that the run was not begun with: its results name one.</summary>
    /// <param name="engine">Engine that was asked for; null keeps the run's.</param>
    /// <param name="torchDevice">Device that was asked for; null keeps the run's.</param>
    /// <param name="manifest">The run.</param>
    /// <exception cref="InvalidInputException">One of them differs; the message names the option and both values.</exception>
    public static void CheckEngine(string? engine, string? torchDevice, RunManifest manifest) => Refuse(
        [
            ("--engine", engine, manifest.Engine ?? EngineNames.Simd),
            ("--torch-device", torchDevice, manifest.TorchDevice ?? TorchDevices.Cpu),
        ],
        manifest);

    private static void Refuse((string Option, object? Wanted, object? Stored)[] options, RunManifest manifest)
    {
        foreach (var (option, wanted, stored) in options)
        {
            if (wanted is not null && !wanted.Equals(stored))
            {
                throw new InvalidInputException(
                    $"{option} is {Show(wanted)}, but run {manifest.RunId} was begun with {Show(stored)}; "
                    + $"leave {option} out, or begin a new run without --resume");
            }
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "none",
        true => "yes",
        false => "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
