using System.Text;

namespace Orleans.Simulation;

/// <summary>
/// One stream of random numbers. The n-th number of a stream is a function of the seed, the stream's name and n alone (SplitMix64;
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): what one concern draws changes nothing for
/// the others, and the numbers are the same in every process.
/// </summary>
public sealed class SimulatedRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="name">The name of the stream.</param>
    public SimulatedRandom(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong key = Mix(seed + Gamma);
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            key = Mix(key ^ (b + Gamma));
        }

        _state = key;
    }

    /// <summary>The next 64 random bits.</summary>
    /// <returns>The bits.</returns>
    public ulong NextUInt64()
    {
        _state += Gamma;
        return Mix(_state);
    }

    /// <summary>A number in [0, 1).</summary>
    /// <returns>A multiple of 2⁻⁵³.</returns>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>An integer in [0, bound). The bias is below bound · 2⁻⁶⁴.</summary>
    /// <param name="bound">Upper bound, exclusive, at least 1.</param>
    /// <returns>The integer.</returns>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>True with a probability.</summary>
    /// <param name="probability">From 0 for never to 1 for always. Neither of these draws a number.</param>
    /// <returns>The outcome.</returns>
    public bool NextBoolean(double probability) => probability > 0 && (probability >= 1 || NextDouble() < probability);

    /// <summary>A length of time in a range.</summary>
    /// <param name="range">The range.</param>
    /// <returns>The length of time, in whole ticks.</returns>
    public TimeSpan NextTime(TimeRange range)
    {
        long width = range.Max.Ticks - range.Min.Ticks;
        return width <= 0 ? range.Min : range.Min + TimeSpan.FromTicks((long)Math.BigMul(NextUInt64(), (ulong)width + 1, out _));
    }

    internal static ulong Fold(ulong hash, ulong word) => Mix(hash ^ Mix(word + Gamma));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
