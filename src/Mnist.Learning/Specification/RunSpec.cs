using System.Text.Json.Serialization;

namespace Mnist.Learning.Specification;

/// <summary>
/// Everything that decides the result of a run, and nothing else: the number of workers, silos and threads is not in it.
/// Two runs whose specifications are equal end, in <c>sync</c> mode, with the same bits.
/// </summary>
public sealed record RunSpec
{
    /// <summary>Name of the recipe that the specification was made from.</summary>
    public required string Recipe { get; init; }

    /// <summary>Name of the network, one of <c>tiny</c>, <c>small</c>, <c>wide</c>, <c>classic</c>, <c>mlp</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Seed of initialization, order, augmentation and dropout.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Samples a step over all slices, a multiple of <see cref="Slices"/>.</summary>
    public required int GlobalBatch { get; init; }

    /// <summary>Number of shards of the data set and slices of a step, a power of two.</summary>
    public required int Slices { get; init; }

    /// <summary>Passes over the training samples.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// Ends the run after the first epoch that reaches this accuracy (0 to 1) on the validation samples, or on the test
    /// split where there are none.
    /// </summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>Optimizer and its constants.</summary>
    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>Learning rate over the run.</summary>
    public required ScheduleSpec Schedule { get; init; }

    /// <summary>Random distortion of training samples.</summary>
    public required AugmentationSpec Augmentation { get; init; }

    /// <summary>
    /// Decay per step of the exponential moving average of the weights that is evaluated and saved; 0 evaluates the
    /// weights themselves.
    /// </summary>
    public float EmaDecay { get; init; }

    /// <summary>Consistency mode, <c>sync</c>.</summary>
    public string Consistency { get; init; } = "sync";

    /// <summary>Codec of gradients on the wire, <c>fp32</c>.</summary>
    public string Compression { get; init; } = "fp32";

    /// <summary>Hash of the data set (<see cref="Data.Dataset.Sha256"/>).</summary>
    public required string DatasetSha256 { get; init; }

    /// <summary>Samples that are trained on: the first of the training split.</summary>
    public required int TrainingSamples { get; init; }

    /// <summary>Samples held out for validation: the last of the training split. May be 0.</summary>
    public required int ValidationSamples { get; init; }
}

/// <summary>Optimizer and its constants.</summary>
/// <param name="Kind"><c>adam</c> or <c>sgd</c>.</param>
public sealed record OptimizerSpec(string Kind)
{
    /// <summary>Adam's decay of the first moment, or SGD's momentum.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Adam's decay of the second moment; not read by SGD.</summary>
    public float Beta2 { get; init; } = 0.99f;

    /// <summary>Adam's ε; not read by SGD.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>L2 penalty added to the gradient, as in PyTorch's optimizers.</summary>
    public float WeightDecay { get; init; }
}

/// <summary>Learning rate over the run: linear warm-up from 0 to the peak, then a fall.</summary>
/// <param name="Shape"><c>linear</c> (to 0), <c>cosine</c> (to 0) or <c>constant</c>.</param>
/// <param name="Peak">Highest learning rate.</param>
/// <param name="WarmupFraction">Part of all steps spent warming up, 0 to 1.</param>
public sealed record ScheduleSpec(string Shape, float Peak, float WarmupFraction);

/// <summary>Random affine distortion of training samples; all zero leaves them as they are.</summary>
public sealed record AugmentationSpec
{
    /// <summary>Largest rotation to either side, degrees.</summary>
    public float RotationDegrees { get; init; }

    /// <summary>Largest shift in x and in y to either side, pixels.</summary>
    public float TranslationPixels { get; init; }

    /// <summary>Largest relative change of size, 0.1 for 90 % to 110 %.</summary>
    public float Scale { get; init; }

    /// <summary>Largest horizontal shear to either side, degrees.</summary>
    public float ShearDegrees { get; init; }

    /// <summary>True when samples are left as they are.</summary>
    [JsonIgnore]
    public bool IsIdentity => RotationDegrees == 0 && TranslationPixels == 0 && Scale == 0 && ShearDegrees == 0;
}
