using System.Numerics;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning.Imaging;

namespace Mnist.Coordinator.Reports.Charts;

/// <summary>Draws charts on a canvas.</summary>
internal static class ChartPicture
{
    private const float Left = 118;
    private const float Top = 62;
    private const float Bottom = 84;
    private const float Right = 20;

    /// <summary>Draws a chart with its axes and legend.</summary>
    /// <param name="canvas">What to draw on.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="origin">Its upper left corner.</param>
    /// <param name="size">Its size.</param>
    public static void Draw(Canvas canvas, Chart chart, Vector2 origin, Vector2 size)
    {
        var (low, high) = (origin + new Vector2(Left, Top), origin + size - new Vector2(Right, Bottom));
        canvas.DrawText(chart.Title, low.X, origin.Y + 34, 28, Theme.Text, weight: 1.3f);
        DrawAxes(canvas, chart, low, high);
        foreach (var series in chart.Series.Where(series => series.Points.Count > 0))
        {
            var color = Theme.Series[series.Color];
            var points = series.Points.Select(point => Place(chart, point, low, high)).ToArray();
            var isFaint = series.Style == SeriesStyle.Faint;
            canvas.DrawPolyline(points, isFaint ? 1.4f : 3.2f, color, isFaint ? 0.28f : 1);
            foreach (var point in series.Style == SeriesStyle.Dotted ? points : [])
            {
                canvas.FillDisc(point, 6.5f, Theme.Background);
                canvas.FillDisc(point, 5, color);
            }
        }

        DrawLegend(canvas, chart, low, high);
    }

    private static void DrawAxes(Canvas canvas, Chart chart, Vector2 low, Vector2 high)
    {
        foreach (var tick in chart.Y.Ticks())
        {
            var y = MathF.Round(Place(chart, (chart.X.Min, tick), low, high).Y);
            canvas.FillRectangle(low.X, y - 1, high.X - low.X, 2, Theme.Grid);
            var baseline = y + (StrokeFont.CapHeight(Theme.CaptionSize) / 2);
            canvas.DrawText(chart.Y.Format(tick), low.X - 12, baseline, Theme.CaptionSize, Theme.Muted, TextAnchor.End);
        }

        foreach (var tick in chart.X.Ticks().Where(tick => tick == Math.Floor(tick)))
        {
            var x = MathF.Round(Place(chart, (tick, chart.Y.Min), low, high).X);
            canvas.FillRectangle(x - 1, high.Y, 2, 8, Theme.Axis);
            canvas.DrawText(chart.X.Format(tick), x, high.Y + 32, Theme.CaptionSize, Theme.Muted, TextAnchor.Middle);
        }

        canvas.FillRectangle(low.X, high.Y - 1, high.X - low.X, 2, Theme.Axis);
        canvas.DrawText(chart.X.Label, (low.X + high.X) / 2, high.Y + 66, Theme.LabelSize, Theme.Muted, TextAnchor.Middle);
        canvas.DrawTextUpwards(chart.Y.Label, low.X - Left + 26, (low.Y + high.Y) / 2, Theme.LabelSize, Theme.Muted);
    }

    /// <summary>Puts the legend where lines rarely are: above a falling loss, below a rising accuracy.</summary>
    private static void DrawLegend(Canvas canvas, Chart chart, Vector2 low, Vector2 high)
    {
        const float LineHeight = 34;
        var named = chart.Series.Where(series => series.Name.Length > 0 && series.Points.Count > 0).ToArray();
        var width = 74 + named.Select(series => StrokeFont.Measure(series.Name, Theme.CaptionSize)).DefaultIfEmpty(0).Max();
        var height = (named.Length * LineHeight) + 14;
        var corner = new Vector2(high.X - width - 12, chart.Y.IsLogarithmic ? low.Y + 12 : high.Y - height - 14);
        canvas.FillRectangle(corner.X - 1, corner.Y - 1, width + 2, height + 2, Theme.Grid, radius: 7);
        canvas.FillRectangle(corner.X, corner.Y, width, height, Theme.Background, radius: 6);
        foreach (var (row, series) in named.Index())
        {
            var y = corner.Y + 7 + ((row + 0.5f) * LineHeight);
            var color = Theme.Series[series.Color];
            var isFaint = series.Style == SeriesStyle.Faint;
            canvas.DrawLine(new Vector2(corner.X + 14, y), new Vector2(corner.X + 48, y), isFaint ? 1.4f : 3.2f, color, isFaint ? 0.4f : 1);
            if (series.Style == SeriesStyle.Dotted)
            {
                canvas.FillDisc(new Vector2(corner.X + 31, y), 5, color);
            }

            canvas.DrawText(series.Name, corner.X + 58, y + (StrokeFont.CapHeight(Theme.CaptionSize) / 2), Theme.CaptionSize, Theme.Text);
        }
    }

    private static Vector2 Place(Chart chart, (double X, double Y) point, Vector2 low, Vector2 high) => new(
        float.Lerp(low.X, high.X, (float)chart.X.Fraction(point.X)),
        float.Lerp(high.Y, low.Y, (float)chart.Y.Fraction(point.Y)));
}
