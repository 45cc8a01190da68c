using System.Net;
using System.Text;
using Mnist.Coordinator.Reports.Charts;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Reports.Html;

/// <summary>
/// The report as one page that needs nothing else: no script, no request, pictures within. Charts and tables are text, so that they
/// can be searched, copied and read aloud.
/// </summary>
internal static class HtmlReport
{
    /// <summary>Formats the page.</summary>
    /// <param name="report">The run.</param>
    public static string Format(RunReport report)
    {
        var html = new StringBuilder();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(report.RunId)}</title>
            <style>
            {HtmlStyle.Css}
            </style>
            </head>
            <body>

            """);
        Header(html, report);
        Section(html, "Curves");
        html.Append("<div class=\"columns\">");
        Figure(html, TrainingCharts.Loss(report));
        Figure(html, TrainingCharts.Accuracy(report));
        html.Append("</div>\n");
        Section(html, "Epochs");
        HtmlTables.Epochs(html, report);
        Section(html, "Confusion matrix");
        HtmlTables.Confusion(html, report.Evaluation.Confusion);
        Digits(html, report);
        Section(html, "The run");
        html.Append("<div class=\"columns\"><div><h3>Specification</h3>");
        HtmlTables.List(html, RunFacts.Specification(report));
        html.Append("</div><div><h3>Ledger</h3>");
        HtmlTables.List(html, RunFacts.Ledger(report));
        html.Append("<h3>Survived</h3>");
        HtmlTables.List(html, RunFacts.Faults(report));
        html.Append("<h3>Made by</h3>");
        HtmlTables.List(html, RunFacts.Origin(report));
        html.Append("</div></div>\n</body>\n</html>\n");
        return html.ToString();
    }

    /// <summary>Makes text safe within HTML.</summary>
    /// <param name="text">Any text.</param>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private static void Header(StringBuilder html, RunReport report)
    {
        html.Append($"""
            <h1>{Text(report.RunId)}</h1>
            <p class="muted">{Text(report.Spec.Recipe)} on {Text(report.Dataset.Name)}, seed {report.Spec.Seed}, {report.Workers} workers,
            {Text(report.Edition)} edition, {report.FinishedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC</p>
            <dl class="figures">

            """);
        foreach (var (name, value) in RunFacts.Figures(report))
        {
            html.Append($"<div><dt>{Text(name)}</dt><dd>{Text(value)}</dd></div>\n");
        }

        html.Append($"""
            </dl>
            <p class="muted">Weights SHA-256: <code>{report.WeightsSha256}</code>.
            The same specification gives the same hash, whatever the workers.</p>

            """);
    }

    private static void Section(StringBuilder html, string title) => html.Append($"<h2>{Text(title)}</h2>\n");

    private static void Figure(StringBuilder html, Chart chart)
    {
        html.Append($"<div><h3>{Text(chart.Title)}</h3><div class=\"legend\">");
        foreach (var series in chart.Series.Where(series => series.Points.Count > 0))
        {
            var style = series.Style == SeriesStyle.Faint ? " faint" : "";
            html.Append($"<span><i class=\"s{series.Color}{style}\"></i>{Text(series.Name)}</span>");
        }

        html.Append("</div>").Append(ChartSvg.Format(chart)).Append("</div>\n");
    }

    private static void Digits(StringBuilder html, RunReport report)
    {
        var confusion = report.Evaluation.Confusion;
        Section(html, "Misclassified");
        html.Append($"<p class=\"muted\">{confusion.Total - confusion.Correct:N0} of {confusion.Total:N0} test images: ")
            .Append("label → prediction, confidence; the most confident first.</p>\n");
        Gallery(html, report, Galleries.Wrong(report.Evaluation), prediction => (
            "bad", $"{prediction.Label} → {prediction.Predicted}", Theme.Confidence(prediction.Probability)));
        Section(html, "Classified correctly");
        html.Append("<h3>The hardest that it got right: prediction and confidence, and what came second</h3>\n");
        Gallery(html, report, Galleries.Hard(report.Evaluation), prediction =>
        {
            var (second, probability) = Galleries.RunnerUp(report, prediction);
            var caption = $"{prediction.Predicted}: {Theme.Confidence(prediction.Probability)}";
            return ("good", caption, $"{second}: {Theme.Confidence(probability)}");
        });
        html.Append("<h3>The most certain of each class</h3>\n");
        Gallery(html, report, Galleries.Sure(report.Evaluation), prediction => (
            "good", $"{prediction.Predicted}", Theme.Confidence(prediction.Probability)));
    }

    private static void Gallery(
        StringBuilder html,
        RunReport report,
        IReadOnlyList<Prediction> predictions,
        Func<Prediction, (string Class, string Caption, string Note)> describe)
    {
        html.Append("<div class=\"gallery\">\n");
        foreach (var prediction in predictions)
        {
            var (name, caption, note) = describe(prediction);
            var alternative = $"test image {prediction.Index}, label {prediction.Label}, prediction {prediction.Predicted}";
            html.Append($"<figure class=\"digit\"><img alt=\"{alternative}\" title=\"{alternative}\" src=\"")
                .Append(HtmlDigit.DataUri(report.Dataset.Test.Image(prediction.Index)))
                .Append($"\"><b class=\"{name}\">{Text(caption)}</b><br><span class=\"muted\">{Text(note)}</span></figure>\n");
        }

        html.Append("</div>\n");
    }
}
