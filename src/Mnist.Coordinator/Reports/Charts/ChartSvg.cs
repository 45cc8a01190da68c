using System.Globalization;
using System.Net;
using System.Text;

namespace Mnist.Coordinator.Reports.Charts;

/// <summary>Writes charts as SVG within a page, which styles it: lines of series n have the class <c>s</c>n.</summary>
internal static class ChartSvg
{
    private const double Width = 640;
    private const double Height = 420;
    private const double Left = 72;
    private const double Top = 16;
    private const double Right = 16;
    private const double Bottom = 56;

    /// <summary>Writes a chart with its axes; the legend is the page's.</summary>
    /// <param name="chart">The chart.</param>
    public static string Format(Chart chart)
    {
        var svg = new StringBuilder();
        Append(svg, $"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{WebUtility.HtmlEncode(chart.Title)}">""");
        foreach (var tick in chart.Y.Ticks())
        {
            var y = Y(chart, tick);
            Append(svg, $"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{y:0.#}" y2="{y:0.#}"/>""");
            Text(svg, Left - 8, y + 4, "end", chart.Y.Format(tick));
        }

        foreach (var tick in chart.X.Ticks().Where(tick => tick == Math.Floor(tick)))
        {
            var x = X(chart, tick);
            Append(svg, $"""<line class="axis" x1="{x:0.#}" x2="{x:0.#}" y1="{Height - Bottom}" y2="{Height - Bottom + 5}"/>""");
            Text(svg, x, Height - Bottom + 20, "middle", chart.X.Format(tick));
        }

        Append(svg, $"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Height - Bottom}" y2="{Height - Bottom}"/>""");
        Text(svg, (Left + Width - Right) / 2, Height - 10, "middle", chart.X.Label);
        Append(svg, $"""<text transform="translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">""");
        svg.Append(WebUtility.HtmlEncode(chart.Y.Label)).Append("</text>");
        foreach (var series in chart.Series)
        {
            Line(svg, chart, series);
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, Chart chart, ChartSeries series)
    {
        var name = series.Style == SeriesStyle.Faint ? "faint" : "line";
        Append(svg, $"""<polyline class="{name} s{series.Color}" points="{Points(chart, series.Points)}"/>""");
        foreach (var (x, y) in series.Style == SeriesStyle.Dotted ? series.Points : [])
        {
            Append(svg, $"""<circle class="dot s{series.Color}" cx="{X(chart, x):0.#}" cy="{Y(chart, y):0.#}" r="3.5">""");
            Append(svg, $"""<title>{series.Name}, epoch {x:0}: {y:0.####}{chart.Y.Suffix}</title></circle>""");
        }
    }

    private static string Points(Chart chart, IReadOnlyList<(double X, double Y)> points) => string.Join(
        ' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(chart, point.X):0.#},{Y(chart, point.Y):0.#}")));

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) =>
        Append(svg, $"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{WebUtility.HtmlEncode(text)}</text>""");

    private static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    private static double X(Chart chart, double value) => Left + (chart.X.Fraction(value) * (Width - Left - Right));

    private static double Y(Chart chart, double value) => Top + ((1 - chart.Y.Fraction(value)) * (Height - Top - Bottom));
}
