using System.Globalization;

namespace Mnist.Coordinator.Dashboard;

/// <summary>Values in words, as all pages write them.</summary>
internal static class Wording
{
    /// <summary>What stands for a value that there is not.</summary>
    public const string None = "–";

    /// <summary>A loss, nats.</summary>
    public static string Loss(double? loss) => loss is { } value && double.IsFinite(value) ? $"{value:0.0000}" : None;

    /// <summary>Samples a second.</summary>
    public static string Rate(double imagesPerSecond) => $"{imagesPerSecond:#,0}";

    /// <summary>A stretch of time.</summary>
    public static string Duration(double seconds) => TimeSpan.FromSeconds(Math.Max(seconds, 0)) switch
    {
        { TotalMinutes: < 1 } time => $"{time.TotalSeconds:0.0} s",
        { TotalHours: < 1 } time => $"{time:m\\:ss} min",
        var time => $"{Math.Floor(time.TotalHours):0}:{time:mm\\:ss} h",
    };

    /// <summary>How long ago something was.</summary>
    public static string Ago(DateTimeOffset moment, DateTimeOffset now) => (now - moment) switch
    {
        { TotalSeconds: < 45 } => "just now",
        { TotalMinutes: < 90 } span => $"{Math.Max(1, span.TotalMinutes):0} min ago",
        { TotalHours: < 36 } span => $"{span.TotalHours:0} h ago",
        var span => $"{span.TotalDays:0} days ago",
    };

    /// <summary>A moment for machines, as <c>time</c> elements want it.</summary>
    public static string Machine(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A moment for people.</summary>
    public static string Moment(DateTimeOffset moment) =>
        moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The start of a hash: enough to tell two apart.</summary>
    public static string ShortHash(string hash) => hash.Length <= 16 ? hash : hash[..16];

    /// <summary>Whole numbers with neighbours taken together: <c>0–3, 6</c>.</summary>
    /// <param name="numbers">Ascending.</param>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var parts = new List<string>();
        for (var i = 0; i < numbers.Count;)
        {
            var end = i;
            while (end + 1 < numbers.Count && numbers[end + 1] == numbers[end] + 1)
            {
                end++;
            }

            parts.Add(end == i ? $"{numbers[i]}" : $"{numbers[i]}–{numbers[end]}");
            i = end + 1;
        }

        return string.Join(", ", parts);
    }

    /// <summary>A part of a whole as the value of an SVG attribute: <c>12.34%</c>.</summary>
    /// <param name="fraction">0 to 1.</param>
    public static string Svg(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:0.###}%");
}
