using System.Globalization;
using System.Text;

namespace Mnist.Simulator.Planning;

/// <summary>A plan as comma-separated values (RFC 4180), a row a cluster.</summary>
internal static class PlanCsv
{
    private static readonly (string Name, Func<PlanPoint, IFormattable> Value)[] Numbers =
    [
        ("workers", point => point.Workers),
        ("silos", point => point.Silos),
        ("imagesPerSecond", point => Math.Round(point.ImagesPerSecond, 1)),
        ("efficiency", point => Math.Round(point.Efficiency, 4)),
        ("stepMilliseconds", point => Math.Round(point.StepMilliseconds, 4)),
        ("serverLoad", point => Math.Round(point.ServerLoad, 4)),
        ("networkLoad", point => Math.Round(point.NetworkLoad, 4)),
    ];

    /// <summary>Formats the file.</summary>
    /// <param name="points">The clusters.</param>
    public static string Format(IEnumerable<PlanPoint> points)
    {
        var text = new StringBuilder("consistency,compression,");
        text.AppendJoin(',', Numbers.Select(column => column.Name)).Append("\r\n");
        foreach (var point in points)
        {
            text.Append(point.Consistency).Append(',').Append(point.Compression).Append(',');
            text.AppendJoin(',', Numbers.Select(column => column.Value(point).ToString(null, CultureInfo.InvariantCulture))).Append("\r\n");
        }

        return text.ToString();
    }
}
