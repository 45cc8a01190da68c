using System.Globalization;
using System.Text;
using Mnist.Coordinator.Reports.Pictures;
using Mnist.Learning.Data;
using Mnist.Learning.Evaluation;

namespace Mnist.Coordinator.Reports.Html;

/// <summary>The tables of the report.</summary>
internal static class HtmlTables
{
    private const float StrongFrom = 0.6f;

    /// <summary>Names and values.</summary>
    /// <param name="html">The page.</param>
    /// <param name="rows">The rows.</param>
    public static void List(StringBuilder html, IEnumerable<(string Name, string Value)> rows)
    {
        html.Append("<table class=\"list\">");
        foreach (var (name, value) in rows)
        {
            html.Append($"<tr><th scope=\"row\">{HtmlReport.Text(name)}</th><td>{HtmlReport.Text(value)}</td></tr>");
        }

        html.Append("</table>\n");
    }

    /// <summary>Results of the epochs.</summary>
    /// <param name="html">The page.</param>
    /// <param name="report">The run.</param>
    public static void Epochs(StringBuilder html, RunReport report)
    {
        string[] names =
        [
            "epoch", "training loss", "training accuracy", "validation accuracy", "test loss", "test accuracy", "learning rate", "seconds",
        ];
        html.Append("<div class=\"scroll\"><table class=\"list numbers\"><tr>");
        html.AppendJoin("", names.Select(name => $"<th scope=\"col\">{name}</th>")).Append("</tr>\n");
        foreach (var epoch in report.Epochs)
        {
            string[] cells =
            [
                $"{epoch.Epoch}",
                $"{epoch.TrainLoss:0.0000}",
                Theme.Percent(epoch.TrainAccuracy),
                epoch.ValidationAccuracy is { } validation ? Theme.Percent(validation) : "–",
                $"{epoch.TestLoss:0.0000}",
                Theme.Percent(epoch.TestAccuracy),
                epoch.LearningRate.ToString("0.#####", CultureInfo.InvariantCulture),
                $"{epoch.Seconds:0.00}",
            ];
            html.Append("<tr>").AppendJoin("", cells.Select(cell => $"<td>{cell}</td>")).Append("</tr>\n");
        }

        html.Append("</table></div>\n");
    }

    /// <summary>The confusion matrix with recall and precision.</summary>
    /// <param name="html">The page.</param>
    /// <param name="confusion">The matrix.</param>
    public static void Confusion(StringBuilder html, ConfusionMatrix confusion)
    {
        var classes = Enumerable.Range(0, ImageSet.Classes).ToArray();
        html.Append("<p class=\"muted\">Rows are labels, columns are predictions; colours by the logarithm of the count.</p>\n");
        html.Append("<div class=\"scroll\"><table class=\"confusion\"><tr><td></td>");
        html.AppendJoin("", classes.Select(predicted => $"<th scope=\"col\">{predicted}</th>"));
        html.Append("<td class=\"share\">recall</td></tr>\n");
        foreach (var label in classes)
        {
            html.Append($"<tr><th scope=\"row\">{label}</th>");
            foreach (var predicted in classes)
            {
                Cell(html, confusion[label, predicted], confusion.Labelled(label), label == predicted);
            }

            html.Append($"<td class=\"share\">{Theme.Percent(confusion.Recall(label))}</td></tr>\n");
        }

        html.Append("<tr><td class=\"muted\">precision</td>");
        html.AppendJoin("", classes.Select(
            predicted => $"<td class=\"muted\"><small>{Theme.Percent(confusion.Precision(predicted))}</small></td>"));
        html.Append("<td></td></tr></table></div>\n");
    }

    private static void Cell(StringBuilder html, int count, int rowTotal, bool isRight)
    {
        if (count == 0)
        {
            html.Append("<td class=\"zero\">0</td>");
            return;
        }

        var strength = ConfusionPicture.Strength(count, rowTotal);
        var name = (isRight ? "right" : "wrong") + (strength > StrongFrom ? " strong" : "");
        html.Append(CultureInfo.InvariantCulture, $"<td class=\"{name}\" style=\"--part:{100 * strength:0}%\">{count}</td>");
    }
}
