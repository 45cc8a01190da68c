using Mnist.Learning.Data;
using Mnist.Learning.Training;

namespace Mnist.Grains.Compute;

/// <summary>Loads slices and runs them through a gradient engine.</summary>
internal sealed class SliceComputer : ISliceComputer
{
    private readonly IGradientEngine _engine;
    private readonly SliceLoader _loader;
    private readonly EvaluationSamples _evaluation;
    private readonly float[] _images;
    private readonly byte[] _labels;
    private readonly ulong[] _dropoutKeys;

    public SliceComputer(IGradientEngine engine, SliceLoader loader, EvaluationSamples evaluation)
    {
        (_engine, _loader, _evaluation) = (engine, loader, evaluation);
        _images = GC.AllocateArray<float>(engine.BatchCapacity * ImageSet.PixelsPerImage, pinned: true);
        _labels = new byte[engine.BatchCapacity];
        _dropoutKeys = new ulong[engine.BatchCapacity];
    }

    public void LoadState(ReadOnlySpan<float> state) => _engine.LoadState(state);

    public void ComputeContribution(long step, int slice, Span<float> contribution, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = _loader.Load(step, slice, _images, _labels, _dropoutKeys);
        _engine.ComputeContribution(
            _images.AsSpan(0, count * ImageSet.PixelsPerImage), _labels.AsSpan(0, count), _dropoutKeys.AsSpan(0, count),
            contribution, cancellationToken);
    }

    public void Evaluate(int first, int count, Span<float> probabilities, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (set, index) = first < _evaluation.Validation.Count
                ? (_evaluation.Validation, first)
                : (_evaluation.Test, first - _evaluation.Validation.Count);
            var batch = Math.Min(Math.Min(count, _engine.BatchCapacity), set.Count - index);
            var images = _images.AsSpan(0, batch * ImageSet.PixelsPerImage);
            PixelScale.Normalize(set.Slice(index, batch).Pixels.Span, images);
            _engine.Predict(images, probabilities[..(batch * ImageSet.Classes)]);
            probabilities = probabilities[(batch * ImageSet.Classes)..];
            first += batch;
            count -= batch;
        }
    }

    public void Dispose() => _engine.Dispose();
}
