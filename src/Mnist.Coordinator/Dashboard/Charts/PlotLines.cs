using System.Globalization;
using Mnist.Coordinator.Reports.Charts;

namespace Mnist.Coordinator.Dashboard.Charts;

/// <summary>Lines of a chart in the coordinates of its plot.</summary>
internal static class PlotLines
{
    /// <summary>Width of the plot in its own units; the page stretches it.</summary>
    public const int Width = 1000;

    /// <summary>Height of the plot in its own units.</summary>
    public const int Height = 400;

    /// <summary>The value of a polyline's <c>points</c>.</summary>
    /// <param name="chart">The chart with its axes.</param>
    /// <param name="series">One of its lines.</param>
    public static string Points(Chart chart, ChartSeries series) => string.Join(' ', series.Points.Select(point => string.Create(
        CultureInfo.InvariantCulture,
        $"{chart.X.Fraction(point.X) * Width:0.#},{(1 - chart.Y.Fraction(point.Y)) * Height:0.#}")));

    /// <summary>Leaves points out evenly; the first and the last stay.</summary>
    /// <param name="points">All points.</param>
    /// <param name="most">How many may be left.</param>
    public static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points, int most) =>
        points.Count <= most
            ? points
            : [.. Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Count - 1) / (most - 1))])];
}
