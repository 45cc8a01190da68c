using System.Numerics;
using Mnist.Coordinator.Reports.Charts;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Loss and accuracy over the epochs.</summary>
internal static class CurvesPicture
{
    private const int ChartWidth = 780;
    private const int ChartHeight = 600;

    /// <summary>Draws the picture.</summary>
    /// <param name="report">The run.</param>
    public static Pixmap Draw(RunReport report)
    {
        var canvas = Theme.CreateCanvas(
            (2 * ChartWidth) + Theme.Margin,
            ChartHeight,
            "Training",
            $"{report.Spec.Recipe}, seed {report.Spec.Seed}, {report.Epochs.Count} epochs of {report.Spec.TrainingSamples:N0} images, "
                + $"batch {report.Spec.GlobalBatch}, {report.Workers} workers, {report.TrainSeconds:0.0} s: "
                + $"{Theme.Percent(report.Evaluation.Accuracy)} on the test split");
        var size = new Vector2(ChartWidth, ChartHeight);
        ChartPicture.Draw(canvas, TrainingCharts.Loss(report), new Vector2(Theme.Margin, Theme.HeaderHeight), size);
        ChartPicture.Draw(canvas, TrainingCharts.Accuracy(report), new Vector2((2 * Theme.Margin) + ChartWidth, Theme.HeaderHeight), size);
        return canvas.Picture;
    }
}
