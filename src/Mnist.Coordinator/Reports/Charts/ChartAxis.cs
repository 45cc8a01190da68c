using System.Globalization;

namespace Mnist.Coordinator.Reports.Charts;

/// <summary>An axis: which values it shows and how they are written.</summary>
/// <param name="Label">What it measures.</param>
/// <param name="Min">Value at its start.</param>
/// <param name="Max">Value at its end, greater than <paramref name="Min"/>.</param>
/// <param name="IsLogarithmic">Whether equal steps are equal factors; the values are then positive.</param>
/// <param name="Suffix">What follows the numbers, for example <c> %</c>.</param>
public sealed record ChartAxis(string Label, double Min, double Max, bool IsLogarithmic = false, string Suffix = "")
{
    private const int TicksWanted = 6;

    /// <summary>Where a value lies: 0 at the start, 1 at the end; values outside lie at the ends.</summary>
    /// <param name="value">The value.</param>
    public double Fraction(double value)
    {
        var clamped = Math.Clamp(value, Min, Max);
        return IsLogarithmic ? Math.Log(clamped / Min) / Math.Log(Max / Min) : (clamped - Min) / (Max - Min);
    }

    /// <summary>Round values to mark.</summary>
    public IReadOnlyList<double> Ticks() => IsLogarithmic ? LogarithmicTicks() : LinearTicks();

    /// <summary>Writes a value with as few decimals as the axis needs.</summary>
    /// <param name="value">One of <see cref="Ticks"/>.</param>
    public string Format(double value)
    {
        // Ticks are sums of steps: rounding takes their last bits' errors away.
        return Math.Round(value, 10).ToString("#,0.######", CultureInfo.InvariantCulture) + Suffix;
    }

    private List<double> LinearTicks()
    {
        var rough = (Max - Min) / TicksWanted;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var first = (long)Math.Ceiling((Min / step) - 1e-9);
        var last = (long)Math.Floor((Max / step) + 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last; i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }

    private List<double> LogarithmicTicks()
    {
        var decades = Math.Log10(Max / Min);
        double[] factors = decades > 3 ? [1] : decades > 1.2 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(Math.Log10(Min)); power <= Math.Ceiling(Math.Log10(Max)); power++)
        {
            var scale = Math.Pow(10, power);
            ticks.AddRange(factors.Select(factor => factor * scale).Where(tick => tick >= Min * 0.999 && tick <= Max * 1.001));
        }

        return ticks;
    }
}
