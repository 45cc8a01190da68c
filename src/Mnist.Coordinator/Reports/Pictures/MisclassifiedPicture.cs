using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Digits that were classified wrongly, the most confident first.</summary>
internal static class MisclassifiedPicture
{
    /// <summary>Draws the picture.</summary>
    /// <param name="report">The run.</param>
    public static Pixmap Draw(RunReport report)
    {
        var wrong = Galleries.Wrong(report.Evaluation)
            .Select(prediction => new DigitCell(
                prediction.Index, $"{prediction.Label} → {prediction.Predicted}", Theme.Confidence(prediction.Probability), Theme.Wrong))
            .ToArray();
        var (total, all) = (report.Evaluation.Confusion.Total, report.Evaluation.Confusion.Total - report.Evaluation.Confusion.Correct);
        var part = all > wrong.Length ? $"the {wrong.Length} most confident" : "the most confident first";
        var canvas = Theme.CreateCanvas(
            DigitGrid.Width,
            DigitGrid.Height(Math.Max(wrong.Length, 1), captionLines: 2),
            "Misclassified",
            $"{all:N0} of {total:N0} test images: label → prediction and confidence, {part}");
        DigitGrid.Draw(canvas, Theme.HeaderHeight, report.Dataset.Test, wrong, captionLines: 2);
        if (wrong.Length == 0)
        {
            canvas.DrawText("None.", Theme.Margin, Theme.HeaderHeight + 50, Theme.LabelSize, Theme.Text);
        }

        return canvas.Picture;
    }
}
