using System.Numerics;

namespace Mnist.Grains.Protocol;

/// <summary>
/// Proof that every sample of an epoch is in exactly one applied gradient: a bit for each sample of the epoch at hand,
/// set when a step that contains it is applied, and totals over the epochs before. Part of the checkpoint, so that it
/// always speaks of the weights that it lies beside.
/// </summary>
public sealed class Ledger
{
    private readonly ulong[] _applied;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="samplesPerEpoch">Samples that an epoch has to apply.</param>
    public Ledger(int samplesPerEpoch)
    {
        SamplesPerEpoch = samplesPerEpoch;
        _applied = new ulong[(samplesPerEpoch + 63) / 64];
    }

    /// <summary>Samples that an epoch has to apply.</summary>
    public int SamplesPerEpoch { get; }

    /// <summary>Samples applied, over all epochs, repetitions included.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples applied more than once within their epoch.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Samples of completed epochs that were not applied.</summary>
    public long Missing { get; private set; }

    /// <summary>The bits of the epoch at hand.</summary>
    public ReadOnlySpan<ulong> Applied => _applied;

    /// <summary>Notes that a slice was applied to the weights.</summary>
    /// <param name="samples">Indices of the samples in the slice.</param>
    public void Apply(ReadOnlySpan<int> samples)
    {
        foreach (var sample in samples)
        {
            // The last word has bits for samples that there are not.
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sample, (uint)SamplesPerEpoch, nameof(samples));
            var bit = 1UL << (sample & 63);
            Duplicates += (_applied[sample >> 6] & bit) == 0 ? 0 : 1;
            _applied[sample >> 6] |= bit;
        }

        Samples += samples.Length;
    }

    /// <summary>Closes an epoch: what was not applied is missing.</summary>
    public void CompleteEpoch()
    {
        var applied = 0;
        foreach (var word in _applied)
        {
            applied += BitOperations.PopCount(word);
        }

        Missing += SamplesPerEpoch - applied;
        Array.Clear(_applied);
    }

    /// <summary>Takes over what a checkpoint holds.</summary>
    /// <param name="samples">See <see cref="Samples"/>.</param>
    /// <param name="duplicates">See <see cref="Duplicates"/>.</param>
    /// <param name="missing">See <see cref="Missing"/>.</param>
    /// <param name="applied">See <see cref="Applied"/>.</param>
    /// <exception cref="ArgumentException">The bits are those of an epoch of another length; nothing changed.</exception>
    public void Restore(long samples, long duplicates, long missing, ReadOnlySpan<ulong> applied)
    {
        if (applied.Length != _applied.Length)
        {
            throw new ArgumentException($"{applied.Length} words of bits, expected {_applied.Length}", nameof(applied));
        }

        (Samples, Duplicates, Missing) = (samples, duplicates, missing);
        applied.CopyTo(_applied);
    }
}
