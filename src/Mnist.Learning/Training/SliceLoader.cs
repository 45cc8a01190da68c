using System.Runtime.Intrinsics.X86;
using Mnist.Learning.Data;
using Mnist.Learning.Specification;

namespace Mnist.Learning.Training;

/// <summary>
/// Turns a slice of the plan into what a gradient engine reads. Allocates nothing after construction (but for the plan's
/// order of a new epoch); used by one thread at a time.
/// </summary>
public sealed class SliceLoader
{
    private const int CacheLine = 64;

    private readonly ulong _seed;
    private readonly SlicePlan _plan;
    private readonly ImageSet _training;
    private readonly Augmentation? _augmentation;
    private readonly int[] _samples;
    private readonly int[] _nextSamples;

    /// <summary>What was loaded after each slice the last time: how many steps later, and which slice.</summary>
    private readonly (long Steps, int Slice)[] _successors;
    private (long Step, int Slice)? _last;

    /// <summary>Prepares loading.</summary>
    /// <param name="spec">A valid specification.</param>
    /// <param name="plan">Its plan; may be shared with other loaders.</param>
    /// <param name="training">The images that the run trains on (<see cref="RunSplits.TrainingSet"/>), or more.</param>
    /// <exception cref="ArgumentException">There are fewer images than the plan deals out.</exception>
    public SliceLoader(RunSpec spec, SlicePlan plan, ImageSet training)
    {
        if (training.Count < spec.TrainingSamples)
        {
            throw new ArgumentException($"{training.Count} images, expected at least {spec.TrainingSamples}", nameof(training));
        }

        _seed = spec.Seed;
        _plan = plan;
        _training = training;
        _augmentation = spec.Augmentation.IsIdentity ? null : new Augmentation(spec.Augmentation);
        _samples = new int[plan.SliceCapacity];
        _nextSamples = new int[plan.SliceCapacity];
        _successors = [.. Enumerable.Range(1, plan.Slices).Select(next => next < plan.Slices ? (0L, next) : (1L, 0))];
    }

    /// <summary>Loads a slice.</summary>
    /// <param name="step">Step of the run, from 0.</param>
    /// <param name="slice">Slice of the step.</param>
    /// <param name="images">Receives (n, 28, 28) normalized pixels; room for <see cref="SlicePlan.SliceCapacity"/> images.</param>
    /// <param name="labels">Receives (n) classes.</param>
    /// <param name="dropoutKeys">Receives (n) keys, one for each sample and epoch.</param>
    /// <returns>n, the number of samples; may be 0 in the last step of an epoch.</returns>
    public int Load(long step, int slice, Span<float> images, Span<byte> labels, Span<ulong> dropoutKeys)
    {
        var count = _plan.GetSlice(step, slice, _samples);
        var epoch = (ulong)_plan.EpochOf(step);
        var allLabels = _training.Labels.Span;
        for (var i = 0; i < count; i++)
        {
            var sample = _samples[i];
            var image = images.Slice(i * ImageSet.PixelsPerImage, ImageSet.PixelsPerImage);
            if (_augmentation is null)
            {
                PixelScale.Normalize(_training.Image(sample), image);
            }
            else
            {
                var key = KeyedRandom.Key(_seed, RandomStream.Augmentation, epoch, (ulong)sample);
                _augmentation.Apply(_training.Image(sample), key, image);
            }

            labels[i] = allLabels[sample];
            dropoutKeys[i] = KeyedRandom.Key(_seed, RandomStream.Dropout, epoch, (ulong)sample);
        }

        PrefetchNext(step, slice);
        return count;
    }

    /// <summary>
    /// Samples lie anywhere in a set that no cache holds: those of the slice that is loaded next are asked for while this one is computed.
    /// A worker computes the same slices in step after step, so that what came after this slice in the step before comes after it again.
    /// </summary>
    private void PrefetchNext(long step, int slice)
    {
        if (_last is { } last)
        {
            _successors[last.Slice] = (step - last.Step, slice);
        }

        _last = (step, slice);
        var (steps, next) = _successors[slice];
        if (step + steps is var nextStep && nextStep >= 0 && nextStep < _plan.TotalSteps && _plan.EpochOf(nextStep) == _plan.EpochOf(step))
        {
            Prefetch(_nextSamples.AsSpan(0, _plan.GetSlice(nextStep, next, _nextSamples)));
        }
    }

    private unsafe void Prefetch(ReadOnlySpan<int> samples)
    {
        for (var i = 0; Sse.IsSupported && i < samples.Length; i++)
        {
            fixed (byte* image = _training.Image(samples[i]))
            {
                for (var at = 0; at < ImageSet.PixelsPerImage; at += CacheLine)
                {
                    Sse.Prefetch1(image + at);
                }
            }
        }
    }
}
