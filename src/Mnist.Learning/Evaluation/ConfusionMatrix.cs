using Mnist.Learning.Data;

namespace Mnist.Learning.Evaluation;

/// <summary>How often images of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private const int Classes = ImageSet.Classes;
    private readonly int[] _counts = new int[Classes * Classes];

    /// <summary>Images counted.</summary>
    public int Total { get; private set; }

    /// <summary>Images on the diagonal.</summary>
    public int Correct { get; private set; }

    /// <summary>Number of images of a class that were taken for a class.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="predicted">What they were taken for.</param>
    public int this[int label, int predicted] => _counts[Index(label, predicted)];

    /// <summary>Counts an image.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="predicted">What it was taken for.</param>
    public void Add(int label, int predicted)
    {
        _counts[Index(label, predicted)]++;
        Total++;
        Correct += label == predicted ? 1 : 0;
    }

    /// <summary>Number of images of a class.</summary>
    /// <param name="label">Class.</param>
    public int Labelled(int label) => Enumerable.Range(0, Classes).Sum(predicted => this[label, predicted]);

    /// <summary>Number of images that were taken for a class.</summary>
    /// <param name="predicted">Class.</param>
    public int Predicted(int predicted) => Enumerable.Range(0, Classes).Sum(label => this[label, predicted]);

    /// <summary>Part of the images taken for a class that are of it, 0 to 1; NaN where there are none.</summary>
    /// <param name="predicted">Class.</param>
    public double Precision(int predicted) => (double)this[predicted, predicted] / Predicted(predicted);

    /// <summary>Part of the images of a class that were taken for it, 0 to 1; NaN where there are none.</summary>
    /// <param name="label">Class.</param>
    public double Recall(int label) => (double)this[label, label] / Labelled(label);

    private static int Index(int label, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Classes, nameof(predicted));
        return (label * Classes) + predicted;
    }
}
