namespace Mnist.Simulator.Planning;

/// <summary>
/// How a duration that is never the same twice is spread: the means of equally large groups of measurements, in ascending order, so
/// that drawing them keeps the mean as it is.
/// </summary>
/// <param name="Microseconds">The means, at least one.</param>
internal sealed record Spread(double[] Microseconds)
{
    private const int Groups = 32;

    /// <summary>The mean, microseconds.</summary>
    public double Mean => Microseconds.Average();

    /// <summary>What does not vary.</summary>
    public static Spread Constant(double microseconds) => new([microseconds]);

    /// <summary>What was measured.</summary>
    /// <param name="measurements">Microseconds, at least one.</param>
    public static Spread Of(IReadOnlyCollection<double> measurements)
    {
        var ordered = measurements.Order().ToArray();
        var groups = Math.Min(Groups, ordered.Length);
        return new Spread([.. Enumerable.Range(0, groups).Select(group =>
            ordered[(ordered.Length * group / groups)..(ordered.Length * (group + 1) / groups)].Average())]);
    }

    /// <summary>The measurement at a fraction of the spread.</summary>
    /// <param name="fraction">0 to 1, 1 excluded: random for a random measurement.</param>
    public double At(double fraction) => Microseconds[(int)(fraction * Microseconds.Length)];

    /// <summary>Every measurement changed in the same way.</summary>
    public Spread Select(Func<double, double> change) => new([.. Microseconds.Select(change)]);

    /// <summary>Between two spreads.</summary>
    /// <param name="from">Where the share is 0.</param>
    /// <param name="to">Where it is 1.</param>
    /// <param name="share">How far to go.</param>
    public static Spread Between(Spread from, Spread to, double share)
    {
        var groups = Math.Min(from.Microseconds.Length, to.Microseconds.Length);
        return new Spread([.. from.Regroup(groups).Zip(to.Regroup(groups), (low, high) => low + (share * (high - low)))]);
    }

    private double[] Regroup(int groups) => groups == Microseconds.Length ? Microseconds : Of([.. Enumerable.Range(0, groups)
        .Select(group => Microseconds[(Microseconds.Length * group / groups)..(Microseconds.Length * (group + 1) / groups)].Average())])
        .Microseconds;
}

/// <summary>Medians.</summary>
internal static class Medians
{
    /// <summary>The median of at least one number; of an even number of them, the mean of the two in the middle.</summary>
    public static double Of(IEnumerable<double> numbers)
    {
        var ordered = numbers.Order().ToArray();
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }
}
