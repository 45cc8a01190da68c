namespace Mnist.Learning.Training;

/// <summary>What the steps of an epoch added up to, measured in training mode while the weights were changing.</summary>
/// <param name="Epoch">Epoch, from 0.</param>
/// <param name="Samples">Samples in the gradients that were applied.</param>
/// <param name="LossSum">Sum of the cross-entropy losses (nats); 0 in a partition that does not hold the loss.</param>
/// <param name="Correct">Samples that were classified correctly; 0 in a partition that does not hold that number.</param>
public readonly record struct EpochTotals(int Epoch, long Samples, double LossSum, long Correct)
{
    /// <summary>Mean cross-entropy loss (nats).</summary>
    public double MeanLoss => Samples == 0 ? 0 : LossSum / Samples;

    /// <summary>Part of the samples that was classified correctly, 0 to 1.</summary>
    public double Accuracy => Samples == 0 ? 0 : (double)Correct / Samples;
}
