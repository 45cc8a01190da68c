using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>The confusion matrix with recall and precision of each class.</summary>
internal static class ConfusionPicture
{
    private const int Classes = ImageSet.Classes;
    private const int Cell = 92;
    private const int Spacing = 4;
    private const int Left = Theme.Margin + 108;
    private const int Top = Theme.HeaderHeight + 78;
    private const int SumGap = 24;
    private const int SumWidth = 116;
    private const int RecallX = Left + (Classes * Cell) + SumGap + (SumWidth / 2);
    private const int PrecisionY = Top + (Classes * Cell) + SumGap + 16;

    private static readonly Rgb RightColor = Rgb.FromHex(0x0A4F8A);
    private static readonly Rgb PaleWrongColor = Rgb.FromHex(0xFDEBDD);
    private static readonly Rgb WrongColor = Rgb.FromHex(0xC2410C);

    /// <summary>Draws the picture.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static Pixmap Draw(EvaluationSummary evaluation)
    {
        var confusion = evaluation.Confusion;
        var canvas = Theme.CreateCanvas(
            Left - Theme.Margin + (Classes * Cell) + SumGap + SumWidth,
            Top - Theme.HeaderHeight + (Classes * Cell) + SumGap + 50,
            "Confusion matrix",
            $"{confusion.Total:N0} test images, {confusion.Total - confusion.Correct:N0} errors, "
                + $"accuracy {Theme.Percent(evaluation.Accuracy)}");
        DrawAxes(canvas);
        for (var label = 0; label < Classes; label++)
        {
            for (var predicted = 0; predicted < Classes; predicted++)
            {
                DrawCell(canvas, confusion, label, predicted);
            }

            DrawCentered(canvas, Theme.Percent(confusion.Recall(label)), RecallX, Middle(Top, label), Theme.Text);
            DrawCentered(canvas, Theme.Percent(confusion.Precision(label)), Middle(Left, label), PrecisionY, Theme.Text, 20);
        }

        return canvas.Picture;
    }

    /// <summary>How strongly a count is coloured: by its logarithm, so that single errors can be seen beside a thousand hits.</summary>
    /// <param name="count">Images of a cell.</param>
    /// <param name="rowTotal">Images of its row.</param>
    /// <returns>0 to 1.</returns>
    public static float Strength(int count, int rowTotal) =>
        count == 0 ? 0 : 0.14f + (0.86f * MathF.Log(count + 1) / MathF.Log(Math.Max(rowTotal, 1) + 1));

    private static void DrawAxes(Canvas canvas)
    {
        canvas.DrawText("predicted", Left + (Classes * Cell / 2f), Top - 48, Theme.LabelSize, Theme.Muted, TextAnchor.Middle);
        canvas.DrawTextUpwards("label", Theme.Margin + 24, Top + (Classes * Cell / 2f), Theme.LabelSize, Theme.Muted);
        canvas.DrawText("recall", RecallX, Top - 16, Theme.LabelSize, Theme.Muted, TextAnchor.Middle);
        canvas.DrawText("precision", Left - 12, PrecisionY + 8, Theme.LabelSize, Theme.Muted, TextAnchor.End);
        for (var i = 0; i < Classes; i++)
        {
            canvas.DrawText($"{i}", Middle(Left, i), Top - 14, 28, Theme.Text, TextAnchor.Middle, weight: 1.2f);
            DrawCentered(canvas, $"{i}", Left - 28, Middle(Top, i), Theme.Text, 28, weight: 1.2f);
        }
    }

    private static void DrawCell(Canvas canvas, ConfusionMatrix confusion, int label, int predicted)
    {
        var count = confusion[label, predicted];
        var strength = Strength(count, confusion.Labelled(label));
        var color = label == predicted ? Theme.Paper.Mix(RightColor, strength) : PaleWrongColor.Mix(WrongColor, strength);
        var (x, y) = (Middle(Left, predicted), Middle(Top, label));
        const int Side = Cell - Spacing;
        canvas.FillRectangle(x - (Side / 2f), y - (Side / 2f), Side, Side, count == 0 ? Theme.Paper : color, radius: 6);
        var textColor = count == 0 ? Rgb.FromHex(0xB6BEC7) : strength > 0.55f ? Rgb.White : Theme.Text;
        DrawCentered(canvas, $"{count}", x, y, textColor, 25, count > 0 ? 1.15f : 1);
    }

    private static float Middle(int start, int index) => start + ((index + 0.5f) * Cell);

    private static void DrawCentered(
        Canvas canvas, string text, float x, float y, Rgb color, float size = Theme.LabelSize, float weight = 1) =>
        canvas.DrawText(text, x, y + (StrokeFont.CapHeight(size) / 2), size, color, TextAnchor.Middle, weight);
}
