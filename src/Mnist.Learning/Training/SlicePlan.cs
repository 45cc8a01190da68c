using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Which samples every slice of every step holds: a pure function of the specification. Sample i of the N training
/// samples is in shard i mod S. In every epoch each shard is put in an order of its own (Fisher–Yates, keyed by seed,
/// epoch and shard), and each step takes the next GlobalBatch / S samples of every shard. An epoch ends when the longest
/// shard is used up: its last step is shorter, and slices of it may differ by one sample or be empty. Every sample is in
/// exactly one slice an epoch.
/// <para>
/// May be used from any number of threads. The orders of the last three epochs asked for are kept, 12·N bytes at most.
/// </para>
/// </summary>
public sealed class SlicePlan
{
    private const int EpochsKept = 3;

    private readonly ulong _seed;
    private readonly int _samples;
    private readonly int _slices;
    private readonly int _sliceCapacity;
    private readonly ShardOrder?[] _orders;

    /// <summary>Plans a run.</summary>
    /// <param name="spec">A valid specification.</param>
    public SlicePlan(RunSpec spec)
    {
        _seed = spec.Seed;
        _samples = spec.TrainingSamples;
        _slices = spec.Slices;
        _sliceCapacity = spec.GlobalBatch / spec.Slices;
        _orders = new ShardOrder?[EpochsKept * spec.Slices];
        StepsPerEpoch = (ShardLength(0) + _sliceCapacity - 1) / _sliceCapacity;
        TotalSteps = (long)StepsPerEpoch * spec.Epochs;
    }

    /// <summary>Number of slices of a step.</summary>
    public int Slices => _slices;

    /// <summary>The most samples in a slice.</summary>
    public int SliceCapacity => _sliceCapacity;

    /// <summary>Steps of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the run.</summary>
    public long TotalSteps { get; }

    /// <summary>Epoch that a step belongs to, from 0.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public int EpochOf(long step) => checked((int)(step / StepsPerEpoch));

    /// <summary>Position of a step in its epoch, from 0.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public int StepWithinEpoch(long step) => (int)(step % StepsPerEpoch);

    /// <summary>True for the last step of an epoch.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public bool EndsEpoch(long step) => StepWithinEpoch(step) == StepsPerEpoch - 1;

    /// <summary>Number of samples in all slices of a step.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    public int SamplesInStep(long step)
    {
        var samples = 0;
        for (var slice = 0; slice < _slices; slice++)
        {
            samples += SamplesInSlice(step, slice);
        }

        return samples;
    }

    /// <summary>Number of samples in a slice, 0 to <see cref="SliceCapacity"/>.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    /// <param name="slice">Slice, 0 to <see cref="Slices"/> − 1.</param>
    public int SamplesInSlice(long step, int slice)
    {
        CheckRange(step, slice);
        var start = (long)StepWithinEpoch(step) * _sliceCapacity;
        return (int)Math.Clamp(ShardLength(slice) - start, 0, _sliceCapacity);
    }

    /// <summary>Writes the indices of a slice's samples.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    /// <param name="slice">Slice, 0 to <see cref="Slices"/> − 1.</param>
    /// <param name="samples">Receives indices into the training samples, room for <see cref="SliceCapacity"/>.</param>
    /// <returns>Number of samples.</returns>
    public int GetSlice(long step, int slice, Span<int> samples)
    {
        var count = SamplesInSlice(step, slice);
        var start = StepWithinEpoch(step) * _sliceCapacity;
        Order(EpochOf(step), slice).AsSpan(start, count).CopyTo(samples);
        return count;
    }

    private void CheckRange(long step, int slice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, TotalSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, _slices);
    }

    /// <summary>Samples of a shard: those of 0 … N − 1 that are its number modulo S.</summary>
    private int ShardLength(int shard) => (int)(((long)_samples - shard + _slices - 1) / _slices);

    /// <summary>
    /// The order of a shard in an epoch, from the cache if it is there. Two threads that miss together both compute it,
    /// to the same result, so no lock is needed: a reference is published whole.
    /// </summary>
    private int[] Order(int epoch, int shard)
    {
        ref var cached = ref _orders[(epoch % EpochsKept * _slices) + shard];
        var order = Volatile.Read(ref cached);
        if (order is null || order.Epoch != epoch)
        {
            order = new ShardOrder(epoch, Shuffle(epoch, shard));
            Volatile.Write(ref cached, order);
        }

        return order.Samples;
    }

    private int[] Shuffle(int epoch, int shard)
    {
        var samples = new int[ShardLength(shard)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = shard + (i * _slices);
        }

        var random = new KeyedRandom(KeyedRandom.Key(_seed, RandomStream.Order, (ulong)epoch, (ulong)shard));
        for (var i = samples.Length - 1; i > 0; i--)
        {
            var j = random.NextInt32(i + 1);
            (samples[i], samples[j]) = (samples[j], samples[i]);
        }

        return samples;
    }

    private sealed record ShardOrder(int Epoch, int[] Samples);
}
