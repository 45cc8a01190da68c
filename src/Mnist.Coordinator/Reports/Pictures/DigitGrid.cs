using Mnist.Learning.Data;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Pictures;

/// <summary>Digits in rows and columns, each with a caption below it.</summary>
internal static class DigitGrid
{
    /// <summary>Digits of a row.</summary>
    public const int Columns = 10;

    /// <summary>Width of all columns.</summary>
    public const int Width = (Columns * ColumnWidth) - Gap;

    private const int Scale = 4;
    private const int Side = ImageSet.Side * Scale;
    private const int Gap = 28;
    private const int ColumnWidth = Side + Gap;
    private const int LineHeight = 27;

    /// <summary>Height of rows of digits.</summary>
    /// <param name="count">Number of digits.</param>
    /// <param name="captionLines">Lines of a caption.</param>
    public static int Height(int count, int captionLines) => (count + Columns - 1) / Columns * RowHeight(captionLines);

    /// <summary>Draws digits.</summary>
    /// <param name="canvas">What to draw on.</param>
    /// <param name="top">Upper edge of the first row.</param>
    /// <param name="images">Where the digits are.</param>
    /// <param name="cells">Digits with their captions.</param>
    /// <param name="captionLines">Lines of a caption.</param>
    public static void Draw(Canvas canvas, int top, ImageSet images, IReadOnlyList<DigitCell> cells, int captionLines)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            var x = Theme.Margin + (i % Columns * ColumnWidth);
            var y = top + (i / Columns * RowHeight(captionLines));
            canvas.DrawInk(images.Image(cells[i].Index), ImageSet.Side, x, y, Scale, Theme.Paper, Theme.Ink);
            var baseline = y + Side + LineHeight - 2f;
            canvas.DrawText(cells[i].Caption, x + (Side / 2f), baseline, Theme.LabelSize, cells[i].Color, TextAnchor.Middle, weight: 1.2f);
            canvas.DrawText(cells[i].Note, x + (Side / 2f), baseline + LineHeight, Theme.CaptionSize, Theme.Muted, TextAnchor.Middle);
        }
    }

    private static int RowHeight(int captionLines) => Side + (captionLines * LineHeight) + Gap;
}

/// <summary>A digit with its caption.</summary>
/// <param name="Index">Index of its image.</param>
/// <param name="Caption">First line of the caption.</param>
/// <param name="Note">Second line of the caption.</param>
/// <param name="Color">Colour of the first line.</param>
internal sealed record DigitCell(int Index, string Caption, string Note, Rgb Color);
