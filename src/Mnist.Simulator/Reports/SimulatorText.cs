using System.Globalization;

namespace Mnist.Simulator.Reports;

/// <summary>Times and numbers in words.</summary>
internal static class SimulatorText
{
    /// <summary>A duration, to about three digits: <c>12.3 s</c>, <c>4:05 min</c>, <c>31:12 h</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time:m\\:ss} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):N0}:{time:mm} h"),
    };

    /// <summary>A moment of virtual time, seconds, as the timeline has it.</summary>
    public static string Moment(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F4}");

    /// <summary>A hash as 16 hexadecimal digits.</summary>
    public static string Hash(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>A number and its noun.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>A name as words: <c>RefusingStorage</c> becomes <c>refusing storage</c>.</summary>
    public static string Words(string name) => string.Concat(
        name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
