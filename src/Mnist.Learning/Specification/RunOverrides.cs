namespace Mnist.Learning.Specification;

/// <summary>What a user changes of a recipe. A value that is null keeps the recipe's own.</summary>
public sealed record RunOverrides
{
    /// <summary>Changes nothing.</summary>
    public static RunOverrides None { get; } = new();

    /// <summary>Passes over the training samples; warm-up and schedule stretch with them.</summary>
    public int? Epochs { get; init; }

    /// <summary>Samples a step over all slices.</summary>
    public int? GlobalBatch { get; init; }

    /// <summary>Number of slices, a power of two.</summary>
    public int? Slices { get; init; }

    /// <summary>Highest learning rate.</summary>
    public float? LearningRate { get; init; }

    /// <summary><c>adam</c> or <c>sgd</c>; brings the recipe's learning rate for that optimizer with it.</summary>
    public string? Optimizer { get; init; }

    /// <summary>Shape of the schedule: <c>linear</c>, <c>cosine</c> or <c>constant</c>.</summary>
    public string? Schedule { get; init; }

    /// <summary>Part of all steps spent warming up, 0 to 1.</summary>
    public float? WarmupFraction { get; init; }

    /// <summary>L2 penalty.</summary>
    public float? WeightDecay { get; init; }

    /// <summary>Decay of the averaged weights; 0 switches averaging off.</summary>
    public float? EmaDecay { get; init; }

    /// <summary>Samples at the end of the training split that are held out for validation; one in twelve unless given.</summary>
    public int? ValidationSamples { get; init; }

    /// <summary>Ends the run after the first epoch that reaches this accuracy, 0 to 1.</summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>True distorts training samples (mildly, where the recipe does not), false leaves them as they are.</summary>
    public bool? Augmentation { get; init; }

    /// <summary>Consistency mode.</summary>
    public string? Consistency { get; init; }

    /// <summary>Codec of gradients on the wire.</summary>
    public string? Compression { get; init; }
}
