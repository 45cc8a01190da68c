namespace Mnist.Grains.Protocol;

/// <summary>When a slice counts as late and is given to a second worker.</summary>
public sealed record SpeculationOptions
{
    /// <summary>Patience in multiples of the usual duration of a round.</summary>
    public double Patience { get; init; } = 1.3;

    /// <summary>
    /// Patience with a worker whom all others wait for, in multiples of the usual duration of a round, from the moment when it should have
    /// been done as well. It is shorter, since a single one helps, on a processor that has nothing else to do then.
    /// </summary>
    public double LastPatience { get; init; } = 0.2;

    /// <summary>Least time from the beginning of a round before anything is computed twice.</summary>
    public TimeSpan Minimum { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Patience while the usual duration is not known, as in the first round, in which code is still being compiled.</summary>
    public TimeSpan Initial { get; init; } = TimeSpan.FromSeconds(2);
}
