using System.Diagnostics.Metrics;
using System.Text;

namespace Mnist.ServiceDefaults.Metrics;

/// <summary>Names in Prometheus' form: <c>mnist.step.duration</c> in <c>s</c> becomes <c>mnist_step_duration_seconds</c>.</summary>
internal static class MetricNames
{
    /// <summary>Name of an instrument's series, with its unit, and <c>_total</c> for what only grows.</summary>
    public static string Of(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += unit;
        }

        return KindOf(instrument) == "counter" ? $"{name}_total" : name;
    }

    /// <summary>Prometheus' word for the kind of an instrument.</summary>
    public static string KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? "counter"
            : type == typeof(Histogram<>) ? "histogram"
            : "gauge";
    }

    /// <summary>Labels as they stand between braces, in the order of their names; empty where there are none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new List<string>(tags.Length);
        foreach (var (name, value) in tags)
        {
            labels.Add($"{Clean(name)}=\"{Escape(value?.ToString() ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    /// <summary>Takes out what would end a line.</summary>
    public static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            clean.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        return clean.ToString();
    }
}
