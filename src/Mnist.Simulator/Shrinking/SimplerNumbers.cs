using System.Globalization;

namespace Mnist.Simulator.Shrinking;

/// <summary>
/// Proposes simpler numbers in place of a number: smaller ones, and rounder ones. What is proposed is always simpler in the same
/// order, so that simplification comes to an end.
/// </summary>
internal static class SimplerNumbers
{
    // What is smaller than this is as good as 0.
    private const double Finest = 0.1;
    private static readonly double[] Round = [0, 0.1, 1, 10, 100];

    /// <summary>Simpler whole numbers, the simplest first: the least, then ever closer ones up to the next.</summary>
    /// <param name="value">The number.</param>
    /// <param name="least">The least that makes sense.</param>
    public static IEnumerable<int> Below(int value, int least = 1)
    {
        for (var distance = value - least; distance > 0; distance /= 2)
        {
            yield return value - distance;
        }
    }

    /// <summary>Simpler numbers, the simplest first.</summary>
    /// <param name="value">The number, 0 or more.</param>
    public static IEnumerable<double> For(double value)
    {
        double[] rounded = [WithDigits(value / 2, 1), WithDigits(value, 1), WithDigits(value, 2)];
        var candidates = Round.Where(round => round < value).Concat(rounded);
        return candidates.Distinct().Where(candidate => (candidate == 0 || candidate >= Finest) && IsSimpler(candidate, value));
    }

    /// <summary>Whether a number is simpler than another: fewer digits, or as many and smaller.</summary>
    public static bool IsSimpler(double candidate, double value) => Digits(candidate).CompareTo(Digits(value)) switch
    {
        < 0 => true,
        0 => candidate < value,
        _ => false,
    };

    private static int Digits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = text.Split('E')[0].Replace(".", "", StringComparison.Ordinal);
        return mantissa.Trim('0').Length;
    }

    private static double WithDigits(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
