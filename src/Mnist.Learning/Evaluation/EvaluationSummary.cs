using Mnist.Learning.Data;
using Mnist.Learning.Training;

namespace Mnist.Learning.Evaluation;

/// <summary>How well a network does on a set of labelled images. Equal probabilities give equal bits on every CPU.</summary>
public sealed class EvaluationSummary
{
    /// <summary>Keeps the loss finite where the right class got a probability of 0.</summary>
    private const float LeastProbability = 1e-30f;

    private readonly Prediction[] _predictions;

    private EvaluationSummary(Prediction[] predictions, ConfusionMatrix confusion, double loss)
    {
        _predictions = predictions;
        Confusion = confusion;
        Loss = loss;
    }

    /// <summary>One prediction an image, in the order of the images.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>How often each class was taken for each class.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>Mean cross-entropy (nats); NaN where the network computes no numbers.</summary>
    public double Loss { get; }

    /// <summary>Part of the images that were classified correctly, 0 to 1.</summary>
    public double Accuracy => (double)Confusion.Correct / Confusion.Total;

    /// <summary>Sums up predictions.</summary>
    /// <param name="probabilities">(n, 10), from the network in evaluation mode; n is at least 1.</param>
    /// <param name="labels">(n), classes 0 to 9.</param>
    /// <exception cref="ArgumentException">There are no images, or the lengths do not match.</exception>
    public static EvaluationSummary FromProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> labels)
    {
        if (labels.IsEmpty || probabilities.Length != labels.Length * ImageSet.Classes)
        {
            throw new ArgumentException($"{probabilities.Length} probabilities do not match {labels.Length} labels", nameof(probabilities));
        }

        var predictions = new Prediction[labels.Length];
        var confusion = new ConfusionMatrix();
        var lossSum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.Slice(i * ImageSet.Classes, ImageSet.Classes);
            var predicted = MostProbable(row);
            var labelProbability = row[labels[i]];
            predictions[i] = new Prediction(i, labels[i], (byte)predicted, row[predicted], labelProbability);
            confusion.Add(labels[i], predicted);
            lossSum -= float.IsNaN(labelProbability) ? double.NaN : PortableMath.Log(Math.Max(labelProbability, LeastProbability));
        }

        return new EvaluationSummary(predictions, confusion, lossSum / labels.Length);
    }

    /// <summary>Images classified correctly, the most confident first; ties in the order of the images.</summary>
    /// <param name="count">The most to return.</param>
    public IReadOnlyList<Prediction> MostConfidentCorrect(int count) =>
        [.. _predictions.Where(p => p.IsCorrect).OrderByDescending(p => p.Probability).ThenBy(p => p.Index).Take(count)];

    /// <summary>Images classified wrongly, the most confident first; ties in the order of the images.</summary>
    /// <param name="count">The most to return.</param>
    public IReadOnlyList<Prediction> MostConfidentWrong(int count) =>
        [.. _predictions.Where(p => !p.IsCorrect).OrderByDescending(p => p.Probability).ThenBy(p => p.Index).Take(count)];

    /// <summary>Images, right or wrong, with the lowest confidence, the least sure first; ties in the order of the images.</summary>
    /// <param name="count">The most to return.</param>
    public IReadOnlyList<Prediction> LeastSure(int count) =>
        [.. _predictions.OrderBy(p => p.Probability).ThenBy(p => p.Index).Take(count)];

    private static int MostProbable(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }

        return best;
    }
}
