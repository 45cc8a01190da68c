namespace Mnist.Coordinator.Reports.Charts;

/// <summary>A chart of lines, before it is drawn as a picture or as SVG.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Series">Lines, in the order of drawing.</param>
public sealed record Chart(string Title, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartSeries> Series);

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it; empty for none.</param>
/// <param name="Color">Index into the colours of series.</param>
/// <param name="Points">Points from left to right.</param>
/// <param name="Style">How it is drawn.</param>
public sealed record ChartSeries(string Name, int Color, IReadOnlyList<(double X, double Y)> Points, SeriesStyle Style);

/// <summary>How a line is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>A thin, pale line: what a smoothed one was made from.</summary>
    Faint,

    /// <summary>A line with a dot at each point.</summary>
    Dotted,
}
