using System.Runtime.Intrinsics;

namespace Mnist.Learning;

/// <summary>
/// Randomness as a pure function of a key: who asks, when and in which order makes no difference. A key is folded from
/// a seed and the words that name what is drawn (epoch, shard, sample …) by SplitMix64's finalizer (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014); draws from a key are SplitMix64's sequence.
/// </summary>
public struct KeyedRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private const ulong FirstFactor = 0xBF58476D1CE4E5B9;
    private const ulong SecondFactor = 0x94D049BB133111EB;
    private ulong _state;

    /// <summary>Starts the sequence of a key.</summary>
    /// <param name="key">A key made by <see cref="Key"/>.</param>
    public KeyedRandom(ulong key) => _state = key;

    /// <summary>Folds words into a key. The order of the words matters.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="words">What the randomness is for, then its coordinates.</param>
    /// <returns>A well-mixed key.</returns>
    public static ulong Key(ulong seed, params ReadOnlySpan<ulong> words)
    {
        var key = Mix(seed + Gamma);
        foreach (var word in words)
        {
            key = Mix(key ^ Mix(word + Gamma));
        }

        return key;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _state += Gamma;
        return Mix(_state);
    }

    /// <summary>The next four draws of 64 random bits, side by side.</summary>
    public Vector256<ulong> NextFourUInt64()
    {
        var states = Vector256.Create(_state) + Vector256.Create(Gamma, unchecked(2 * Gamma), unchecked(3 * Gamma), unchecked(4 * Gamma));
        _state += unchecked(4 * Gamma);
        states = (states ^ (states >> 30)) * Vector256.Create(FirstFactor);
        states = (states ^ (states >> 27)) * Vector256.Create(SecondFactor);
        return states ^ (states >> 31);
    }

    /// <summary>A float in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>An integer in [0, bound), without bias (Lemire, "Fast random integer generation in an interval", 2019).</summary>
    /// <param name="bound">Upper bound, exclusive, at least 1.</param>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            var threshold = (0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (NextUInt64() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * FirstFactor;
        z = (z ^ (z >> 27)) * SecondFactor;
        return z ^ (z >> 31);
    }
}
