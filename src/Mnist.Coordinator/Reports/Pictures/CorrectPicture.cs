using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Digits that were classified correctly: some that the network is sure of, and the hardest that it got right.</summary>
internal static class CorrectPicture
{
    private const int SectionHeight = 56;

    /// <summary>Draws the picture.</summary>
    /// <param name="report">The run.</param>
    public static Pixmap Draw(RunReport report)
    {
        var images = report.Dataset.Test;
        var sure = Galleries.Sure(report.Evaluation)
            .Select(prediction => new DigitCell(
                prediction.Index, $"{prediction.Predicted}", Theme.Confidence(prediction.Probability), Theme.Right))
            .ToArray();
        var hard = Galleries.Hard(report.Evaluation).Select(prediction =>
        {
            var (second, probability) = Galleries.RunnerUp(report, prediction);
            var caption = $"{prediction.Predicted}: {Theme.Confidence(prediction.Probability)}";
            return new DigitCell(prediction.Index, caption, $"{second}: {Theme.Confidence(probability)}", Theme.Right);
        }).ToArray();

        var sureHeight = SectionHeight + DigitGrid.Height(sure.Length, captionLines: 2);
        var canvas = Theme.CreateCanvas(
            DigitGrid.Width,
            sureHeight + SectionHeight + DigitGrid.Height(hard.Length, captionLines: 2),
            "Classified correctly",
            $"{report.Evaluation.Confusion.Correct:N0} of {report.Evaluation.Confusion.Total:N0} test images");
        DrawSection(canvas, Theme.HeaderHeight, "The most certain of each class: prediction and confidence");
        DigitGrid.Draw(canvas, Theme.HeaderHeight + SectionHeight, images, sure, captionLines: 2);
        var top = Theme.HeaderHeight + sureHeight;
        DrawSection(canvas, top, "The hardest that it got right: prediction and confidence, and what came second");
        DigitGrid.Draw(canvas, top + SectionHeight, images, hard, captionLines: 2);
        return canvas.Picture;
    }

    private static void DrawSection(Canvas canvas, int top, string title) =>
        canvas.DrawText(title, Theme.Margin, top + 34, Theme.LabelSize, Theme.Text, weight: 1.2f);
}
