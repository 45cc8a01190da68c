using System.Runtime.CompilerServices;
using Mnist.Learning.Data;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Engines;

/// <summary>
/// The gradient engine: vector kernels on one thread, in the registers that suit the CPU. Its results equal those of
/// <see cref="ReferenceGradientEngine"/> to the bit, whatever the CPU; docs/KERNELS.md states the order of every sum. It
/// allocates nothing after construction.
/// </summary>
public sealed unsafe class SimdGradientEngine : IGradientEngine
{
    private readonly FeatureMap _images;
    private readonly Stage[] _stages;
    private bool _loaded;
    private bool _disposed;

    /// <summary>Reserves all memory that the engine will use.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchCapacity">The most samples in one call, at least 1.</param>
    /// <exception cref="ArgumentException">There are no kernels for the network's layers.</exception>
    public SimdGradientEngine(NetworkDefinition network, int batchCapacity)
        : this(network, batchCapacity, Registers.Best)
    {
    }

    /// <summary>Computes in registers of a given width, whether the CPU has them or not.</summary>
    internal SimdGradientEngine(NetworkDefinition network, int batchCapacity, RegisterWidth width)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchCapacity, 1);
        Layout = network.Layout;
        BatchCapacity = batchCapacity;
        var plans = StagePlan.Cut(network);
        _images = new FeatureMap(network.Layers[0].Input, batchCapacity, plans[0].Padding);
        _stages = new Stage[plans.Count];
        var input = _images;
        FeatureMap? inputGradient = null;
        var workspace = new Workspace();
        for (var i = 0; i < plans.Count; i++)
        {
            var border = i + 1 < plans.Count ? plans[i + 1].Padding : 0;
            _stages[i] = plans[i].Weighted is ConvolutionLayer
                ? new ConvolutionStage(plans[i], input, inputGradient, batchCapacity, border, width, workspace)
                : new DenseStage(plans[i], input, inputGradient, batchCapacity, width);
            input = _stages[i].Output;
            inputGradient = _stages[i].OutputGradient;
        }
    }

    /// <inheritdoc/>
    public ModelLayout Layout { get; }

    /// <inheritdoc/>
    public int BatchCapacity { get; }

    /// <summary>The layers, each with what follows it.</summary>
    internal IReadOnlyList<Stage> Stages => _stages;

    /// <inheritdoc/>
    public void LoadState(ReadOnlySpan<float> state)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        EngineArguments.RequireLength(state.Length, Layout.StateLength, nameof(state));
        foreach (var stage in _stages)
        {
            stage.LoadState(state);
        }

        _loaded = true;
    }

    /// <inheritdoc/>
    public void ComputeContribution(
        ReadOnlySpan<float> images,
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<ulong> dropoutKeys,
        Span<float> contribution,
        CancellationToken cancellationToken)
    {
        RequireReady();
        EngineArguments.Check(this, images.Length, labels, dropoutKeys.Length, contribution.Length);
        if (labels.IsEmpty)
        {
            contribution.Clear();
            return;
        }

        LoadImages(images, labels.Length);
        fixed (float* sums = contribution)
        {
            foreach (var stage in _stages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stage.Train(labels.Length, dropoutKeys, sums);
            }

            ComputeLoss(labels, sums);
            for (var i = _stages.Length - 1; i >= 0; i--)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _stages[i].Backward(labels.Length, sums);
            }
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> images, Span<float> probabilities)
    {
        RequireReady();
        var samples = EngineArguments.CheckPrediction(this, images.Length, probabilities.Length);
        LoadImages(images, samples);
        foreach (var stage in samples > 0 ? _stages : [])
        {
            stage.Infer(samples);
        }

        var scores = _stages[^1].Output;
        for (var sample = 0; sample < samples; sample++)
        {
            var row = scores.Data + ((nint)sample * scores.SampleStride);
            SoftmaxCrossEntropy.Softmax(row, row);
            new Span<float>(row, ImageSet.Classes).CopyTo(probabilities[(sample * ImageSet.Classes)..]);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Ends the use of the engine; its memory goes back to the garbage collector.</summary>
    public void Dispose() => _disposed = true;

    private void RequireReady()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_loaded)
        {
            throw new InvalidOperationException("LoadState comes first: the engine has no weights yet");
        }
    }

    /// <summary>Copies images into the map that the first stage reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void LoadImages(ReadOnlySpan<float> images, int samples)
    {
        // Without a border all rows of a sample lie side by side.
        var run = _images.Border > 0 ? _images.Shape.Width : _images.Shape.Length;
        for (var sample = 0; sample < samples; sample++)
        {
            var row = _images.Interior + ((nint)sample * _images.SampleStride);
            var image = images.Slice(sample * _images.Shape.Length, _images.Shape.Length);
            for (; !image.IsEmpty; image = image[run..])
            {
                image[..run].CopyTo(new Span<float>(row, run));
                row += _images.RowStride;
            }
        }
    }

    /// <summary>Sums losses and correct predictions in the order of the samples, and starts the backward pass.</summary>
    internal void ComputeLoss(ReadOnlySpan<byte> labels, float* sums)
    {
        var scores = _stages[^1].Output;
        var gradient = _stages[^1].OutputGradient;
        var loss = 0f;
        var correct = 0;
        for (var sample = 0; sample < labels.Length; sample++)
        {
            loss += SoftmaxCrossEntropy.LossAndGradient(
                scores.Data + ((nint)sample * scores.SampleStride),
                labels[sample],
                gradient.Data + ((nint)sample * gradient.SampleStride),
                out var isCorrect);
            correct += isCorrect ? 1 : 0;
        }

        sums[Layout.LossIndex] = loss;
        sums[Layout.CorrectIndex] = correct;
    }
}
