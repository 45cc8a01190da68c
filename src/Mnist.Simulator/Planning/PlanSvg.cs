using System.Globalization;
using System.Net;
using System.Text;
using Mnist.Coordinator.Reports.Charts;

namespace Mnist.Simulator.Planning;

/// <summary>Draws a plan: images a second and efficiency against workers, a line for each consistency mode and compression.</summary>
internal static class PlanSvg
{
    private const double Width = 720;
    private const double PanelHeight = 330;
    private const double Left = 92;
    private const double Right = 24;
    private const double Top = 46;
    private const double Bottom = 56;
    private const double LegendLine = 20;

    private static readonly string[] Colors = ["#2563a8", "#c4572b", "#3b7d3f", "#7a4fa0", "#a8862a", "#4a4a4a"];

    /// <summary>Draws the file.</summary>
    /// <param name="title">What was planned.</param>
    /// <param name="points">The clusters, those of a mode one after the other.</param>
    public static string Format(string title, IReadOnlyList<PlanPoint> points)
    {
        var series = points.GroupBy(point => $"{point.Consistency}, {point.Compression}")
            .Select((group, index) => (Name: group.Key, Color: Colors[index % Colors.Length], Points: group.ToArray())).ToArray();
        var workers = new ChartAxis("workers", points.Min(point => point.Workers), points.Max(point => point.Workers) * 1.01, true);
        var perWorker = points.Max(point => point.ImagesPerSecond / (point.Efficiency * point.Workers) is var one and > 0 ? one : 0);
        var slowest = points.Select(point => point.ImagesPerSecond).Where(rate => rate > 0).DefaultIfEmpty(1).Min();
        var fastest = Math.Max(slowest, points.Max(point => point.ImagesPerSecond));
        var rates = new ChartAxis("images a second", slowest * 0.8, fastest * 1.25, true);
        var efficiency = new ChartAxis("parallel efficiency", 0, 100 * Math.Max(1, points.Max(point => point.Efficiency)), false, " %");
        var height = (2 * PanelHeight) + (series.Length * LegendLine) + 12;
        var svg = new StringBuilder();
        Append(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" """);
        Append(svg, $"""font-family="system-ui, sans-serif" font-size="12" fill="#333"><title>{WebUtility.HtmlEncode(title)}</title>""");
        Append(svg, $"""<rect width="{Width}" height="{height}" fill="#fff"/>""");
        Append(svg, $"""<text x="{Left}" y="26" font-size="13">{WebUtility.HtmlEncode(title)}</text>""");
        Axes(svg, workers, rates, 0);
        (double, double)[] ideal = [(workers.Min, perWorker * workers.Min), (workers.Max, perWorker * workers.Max)];
        Line(svg, workers, rates, 0, "#999", ideal, isDashed: true);
        Axes(svg, workers, efficiency, PanelHeight);
        foreach (var (_, color, line) in series)
        {
            Line(svg, workers, rates, 0, color, [.. line.Select(point => ((double)point.Workers, point.ImagesPerSecond))]);
            Line(svg, workers, efficiency, PanelHeight, color, [.. line.Select(point => ((double)point.Workers, 100 * point.Efficiency))]);
        }

        for (var index = 0; index < series.Length; index++)
        {
            var y = (2 * PanelHeight) + (index * LegendLine);
            Append(svg, $"""<line x1="{Left}" x2="{Left + 26}" y1="{y}" y2="{y}" stroke="{series[index].Color}" stroke-width="2"/>""");
            Text(svg, Left + 34, y + 4, "start", series[index].Name + (index == 0 ? "; dashed: as many single workers" : ""));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Axes(StringBuilder svg, ChartAxis x, ChartAxis y, double above)
    {
        var bottom = above + PanelHeight - Bottom;
        foreach (var tick in y.Ticks())
        {
            var at = Y(y, tick, above);
            Append(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{at:0.#}" y2="{at:0.#}" stroke="#e3e3e3"/>""");
            Text(svg, Left - 8, at + 4, "end", tick.ToString("#,0.##", CultureInfo.InvariantCulture) + y.Suffix);
        }

        foreach (var tick in x.Ticks().Where(tick => tick == Math.Floor(tick)))
        {
            Append(svg, $"""<line x1="{X(x, tick):0.#}" x2="{X(x, tick):0.#}" y1="{bottom}" y2="{bottom + 5}" stroke="#666"/>""");
            Text(svg, X(x, tick), bottom + 20, "middle", x.Format(tick));
        }

        Append(svg, $"""<line x1="{Left}" x2="{Width - Right}" y1="{bottom}" y2="{bottom}" stroke="#666"/>""");
        Text(svg, (Left + Width - Right) / 2, bottom + 40, "middle", x.Label);
        Append(svg, $"""<text transform="translate(16 {above + ((Top + PanelHeight - Bottom) / 2)}) rotate(-90)" text-anchor="middle">""");
        svg.Append(WebUtility.HtmlEncode(y.Label)).Append("</text>");
    }

    private static void Line(
        StringBuilder svg, ChartAxis x, ChartAxis y, double above, string color, (double X, double Y)[] points, bool isDashed = false)
    {
        // What lies above the axis is left out: the ideal line ends where the picture does.
        var shown = isDashed ? Clip(points, y) : points;
        var places = shown.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{X(x, point.X):0.#},{Y(y, point.Y, above):0.#}")).ToArray();
        var dashes = isDashed ? " stroke-dasharray=\"5 4\"" : "";
        Append(svg, $"""<polyline points="{string.Join(' ', places)}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>""");
        for (var i = 0; !isDashed && i < points.Length; i++)
        {
            var (count, value) = points[i];
            Append(svg, $"""<circle cx="{X(x, count):0.#}" cy="{Y(y, value, above):0.#}" r="3.5" fill="{color}">""");
            Append(svg, $"""<title>{count:0} workers: {value:#,0.#}{y.Suffix}</title></circle>""");
        }
    }

    /// <summary>Ends a line of images in proportion to workers where its axis does.</summary>
    private static (double X, double Y)[] Clip((double X, double Y)[] line, ChartAxis y) =>
        line[1].Y <= y.Max || line[1].Y <= 0 ? line : [line[0], (line[1].X * y.Max / line[1].Y, y.Max)];

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        Append(svg, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""");

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private static double X(ChartAxis axis, double value) => Left + (axis.Fraction(value) * (Width - Left - Right));

    private static double Y(ChartAxis axis, double value, double above) =>
        above + Top + ((1 - axis.Fraction(value)) * (PanelHeight - Top - Bottom));
}
