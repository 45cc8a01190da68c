using System.Globalization;
using System.Text;
using Mnist.Coordinator.Service;

namespace Mnist.Coordinator.Reports;

/// <summary>The results of a run's epochs as comma-separated values (RFC 4180), a row an epoch.</summary>
internal static class MetricsCsv
{
    private static readonly (string Name, Func<EpochMetrics, IFormattable?> Value)[] Columns =
    [
        ("epoch", epoch => epoch.Epoch),
        ("trainLoss", epoch => epoch.TrainLoss),
        ("trainAccuracy", epoch => epoch.TrainAccuracy),
        ("validationAccuracy", epoch => epoch.ValidationAccuracy),
        ("testLoss", epoch => epoch.TestLoss),
        ("testAccuracy", epoch => epoch.TestAccuracy),
        ("learningRate", epoch => epoch.LearningRate),
        ("seconds", epoch => epoch.Seconds),
    ];

    /// <summary>Formats the file; a value that a run has not is empty.</summary>
    /// <param name="epochs">Results of the epochs.</param>
    public static string Format(IEnumerable<EpochMetrics> epochs)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns.Select(column => column.Name)).Append("\r\n");
        foreach (var epoch in epochs)
        {
            var cells = Columns.Select(column => column.Value(epoch)?.ToString(null, CultureInfo.InvariantCulture));
            text.AppendJoin(',', cells).Append("\r\n");
        }

        return text.ToString();
    }
}
