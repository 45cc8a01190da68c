namespace Mnist.Coordinator.Output;

/// <summary>What a model says about an image.</summary>
/// <param name="Image">File of the image.</param>
/// <param name="Digit">Most probable digit.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Probabilities">Probability of every digit from 0 to 9.</param>
/// <param name="Model">File of the model.</param>
internal sealed record PredictionEvent(string Image, int Digit, float Confidence, float[] Probabilities, string Model)
    : OutputEvent("prediction");
