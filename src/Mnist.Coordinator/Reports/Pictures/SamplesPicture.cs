using Mnist.Learning.Data;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>A sample of the training data: ten images of each class, spread over the split.</summary>
internal static class SamplesPicture
{
    private const int PerClass = 10;
    private const int Scale = 3;
    private const int Side = ImageSet.Side * Scale;
    private const int Pitch = Side + 12;
    private const int LabelWidth = 64;

    /// <summary>Draws the picture.</summary>
    /// <param name="dataset">The data set.</param>
    public static Pixmap Draw(Dataset dataset)
    {
        var canvas = Theme.CreateCanvas(
            LabelWidth + (PerClass * Pitch),
            ImageSet.Classes * Pitch,
            "A sample of the data",
            $"{dataset.Name}: {dataset.Training.Count:N0} training and {dataset.Test.Count:N0} test images of "
                + $"{ImageSet.Side} × {ImageSet.Side} pixels; each row is a class");
        for (var label = 0; label < ImageSet.Classes; label++)
        {
            var top = Theme.HeaderHeight + (label * Pitch);
            var baseline = top + (Side / 2f) + (StrokeFont.CapHeight(Theme.TitleSize) / 2);
            canvas.DrawText($"{label}", Theme.Margin, baseline, Theme.TitleSize, Theme.Text, weight: 1.35f);
            foreach (var (column, index) in Choose(dataset.Training, label).Index())
            {
                var left = Theme.Margin + LabelWidth + (column * Pitch);
                canvas.DrawInk(dataset.Training.Image(index), ImageSet.Side, left, top, Scale, Theme.Paper, Theme.Ink);
            }
        }

        return canvas.Picture;
    }

    /// <summary>Images of a class, spread evenly.</summary>
    /// <param name="images">The split.</param>
    /// <param name="label">The class.</param>
    public static IReadOnlyList<int> Choose(ImageSet images, int label)
    {
        var all = Enumerable.Range(0, images.Count).Where(i => images.Labels.Span[i] == label).ToArray();
        var count = Math.Min(PerClass, all.Length);
        return [.. Enumerable.Range(0, count).Select(i => all[i * all.Length / count])];
    }
}
