namespace Mnist.Learning.Evaluation;

/// <summary>What a network says about one labelled image.</summary>
/// <param name="Index">Index of the image in the set that was evaluated.</param>
/// <param name="Label">Class of the image.</param>
/// <param name="Predicted">Most probable class; of several the lowest.</param>
/// <param name="Probability">Probability of the predicted class, 0 to 1: the confidence.</param>
/// <param name="LabelProbability">Probability of the class that is right, 0 to 1.</param>
public readonly record struct Prediction(int Index, byte Label, byte Predicted, float Probability, float LabelProbability)
{
    /// <summary>True where the prediction is right.</summary>
    public bool IsCorrect => Label == Predicted;
}
