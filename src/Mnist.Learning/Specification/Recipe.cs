namespace Mnist.Learning.Specification;

/// <summary>A network with the settings that train it well: what a run is made from before the user changes anything.</summary>
/// <param name="Name">Name that the user types.</param>
/// <param name="Network">Network that it trains.</param>
/// <param name="Summary">One line for the user: what it is and what it reaches.</param>
/// <param name="Epochs">Passes over the training samples.</param>
/// <param name="AdamLearningRate">Highest learning rate with Adam, the recipe's optimizer.</param>
/// <param name="SgdLearningRate">Highest learning rate with SGD and momentum, where the user asks for it.</param>
public sealed record Recipe(
    string Name,
    string Network,
    string Summary,
    int Epochs,
    float AdamLearningRate,
    float SgdLearningRate)
{
    /// <summary>Samples a step over all slices.</summary>
    public int GlobalBatch { get; init; } = 128;

    /// <summary>Number of slices of a step.</summary>
    public int Slices { get; init; } = 8;

    /// <summary>Part of all steps spent warming up.</summary>
    public float WarmupFraction { get; init; } = 0.25f;

    /// <summary>Adam's decay of the second moment.</summary>
    public float Beta2 { get; init; } = 0.99f;

    /// <summary>Decay of the averaged weights, 0 for none.</summary>
    public float EmaDecay { get; init; }

    /// <summary>Random distortion of training samples.</summary>
    public AugmentationSpec Augmentation { get; init; } = new();
}
