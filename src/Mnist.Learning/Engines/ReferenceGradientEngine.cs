using Mnist.Learning.Data;
using Mnist.Learning.Kernels;
using Mnist.Learning.Models;
using Mnist.Learning.Training;

namespace Mnist.Learning.Engines;

/// <summary>
/// The plain scalar engine: one loop nest a layer, no vectors, no packing. It defines the bits that
/// <see cref="SimdGradientEngine"/> must give, hundreds of times slower. For tests.
/// </summary>
public sealed class ReferenceGradientEngine : IGradientEngine
{
    private readonly NetworkDefinition _network;
    private readonly float[][] _activations;
    private readonly float[][] _gradients;
    private readonly int[][] _winners;
    private readonly BatchNormalizationReference.Statistics?[] _statistics;
    private float[]? _state;

    /// <summary>Reserves memory for the activations of a batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchCapacity">The most samples in one call, at least 1.</param>
    public ReferenceGradientEngine(NetworkDefinition network, int batchCapacity)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchCapacity, 1);
        _network = network;
        BatchCapacity = batchCapacity;
        var outputs = network.Layers.Select(layer => layer.Output.Length * batchCapacity).ToArray();
        _activations = [.. outputs.Prepend(ImageSet.PixelsPerImage * batchCapacity).Select(length => new float[length])];
        _gradients = [.. _activations.Select(activation => new float[activation.Length])];
        _winners = [.. network.Layers.Select(layer => layer is MaxPoolLayer ? new int[layer.Output.Length * batchCapacity] : [])];
        _statistics = new BatchNormalizationReference.Statistics?[network.Layers.Count];
    }

    /// <inheritdoc/>
    public ModelLayout Layout => _network.Layout;

    /// <inheritdoc/>
    public int BatchCapacity { get; }

    /// <inheritdoc/>
    public void LoadState(ReadOnlySpan<float> state)
    {
        EngineArguments.RequireLength(state.Length, Layout.StateLength, nameof(state));
        _state = state.ToArray();
    }

    /// <inheritdoc/>
    public void ComputeContribution(
        ReadOnlySpan<float> images,
        ReadOnlySpan<byte> labels,
        ReadOnlySpan<ulong> dropoutKeys,
        Span<float> contribution,
        CancellationToken cancellationToken)
    {
        EngineArguments.Check(this, images.Length, labels, dropoutKeys.Length, contribution.Length);
        contribution.Clear();
        if (labels.IsEmpty)
        {
            return;
        }

        images.CopyTo(_activations[0]);
        for (var i = 0; i < _network.Layers.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Train(i, labels.Length, dropoutKeys, contribution);
        }

        for (var sample = 0; sample < labels.Length; sample++)
        {
            var row = sample * ImageSet.Classes;
            var (loss, correct) = SoftmaxCrossEntropyReference.LossAndGradient(
                _activations[^1].AsSpan(row, ImageSet.Classes), labels[sample], _gradients[^1].AsSpan(row, ImageSet.Classes));
            contribution[Layout.LossIndex] += loss;
            contribution[Layout.CorrectIndex] += correct ? 1f : 0f;
        }

        for (var i = _network.Layers.Count - 1; i >= 0; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Backward(i, labels.Length, dropoutKeys, contribution);
        }
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> images, Span<float> probabilities)
    {
        var samples = EngineArguments.CheckPrediction(this, images.Length, probabilities.Length);
        images.CopyTo(_activations[0]);
        for (var i = 0; i < _network.Layers.Count; i++)
        {
            var (from, to) = (_activations[i], _activations[i + 1]);
            switch (_network.Layers[i])
            {
                case BatchNormalizationLayer layer: BatchNormalizationReference.Infer(layer, samples, from, State(), to); break;
                case DropoutLayer: from.CopyTo(to, 0); break;
                default: Train(i, samples, [], []); break;
            }
        }

        for (var row = 0; row < probabilities.Length; row += ImageSet.Classes)
        {
            SoftmaxCrossEntropyReference.Softmax(
                _activations[^1].AsSpan(row, ImageSet.Classes), probabilities.Slice(row, ImageSet.Classes));
        }
    }

    /// <summary>Does nothing: the engine holds managed memory only.</summary>
    public void Dispose()
    {
    }

    private void Train(int index, int samples, ReadOnlySpan<ulong> dropoutKeys, Span<float> contribution)
    {
        var (from, to) = (_activations[index], _activations[index + 1]);
        switch (_network.Layers[index])
        {
            case ConvolutionLayer layer:
                ForwardConvolution(index, layer, samples);
                break;
            case MaxPoolLayer layer:
                MaxPoolingReference.Forward(layer, samples, from, to, _winners[index]);
                break;
            case BatchNormalizationLayer layer:
                _statistics[index] = BatchNormalizationReference.Train(layer, samples, from, State(), to, contribution);
                break;
            case ReluLayer:
                RectifierReference.Forward(from, to);
                break;
            case DropoutLayer layer:
                from.CopyTo(to, 0);
                ApplyDropout(layer, dropoutKeys, to);
                break;
            case DenseLayer layer:
                DenseReference.Forward(layer, samples, from, State(layer.Weight), State(layer.Bias), to);
                break;
        }
    }

    private void Backward(int index, int samples, ReadOnlySpan<ulong> dropoutKeys, Span<float> contribution)
    {
        var (input, dout, din) = (_activations[index], _gradients[index + 1], _gradients[index]);
        switch (_network.Layers[index])
        {
            case ConvolutionLayer layer:
                BackwardConvolution(index, layer, samples, contribution);
                break;
            case MaxPoolLayer layer:
                MaxPoolingReference.Backward(layer, samples, dout, _winners[index], din);
                break;
            case BatchNormalizationLayer layer:
                BatchNormalizationReference.Backward(layer, samples, input, _statistics[index]!, dout, din, contribution);
                break;
            case ReluLayer:
                RectifierReference.Backward(input, dout, din);
                break;
            case DropoutLayer layer:
                dout.CopyTo(din, 0);
                ApplyDropout(layer, dropoutKeys, din);
                break;
            case DenseLayer layer:
                DenseReference.WeightGradient(
                    layer, samples, input, dout, Slice(contribution, layer.Weight), Slice(contribution, layer.Bias));
                DenseReference.InputGradient(layer, samples, dout, State(layer.Weight), din);
                break;
        }
    }

    private void ForwardConvolution(int index, ConvolutionLayer layer, int samples)
    {
        var (from, to) = (_activations[index], _activations[index + 1]);
        if (WinogradOf(index, layer) is { } winograd)
        {
            winograd.Forward(samples, from, State(layer.Weight), State(layer.Bias), to);
        }
        else
        {
            ConvolutionReference.Forward(layer, samples, from, State(layer.Weight), State(layer.Bias), to);
        }
    }

    private WinogradReference? WinogradOf(int index, ConvolutionLayer layer) =>
        Winograd.TileSize(layer, _network.Layers[index + 1] is MaxPoolLayer) is { } size ? new WinogradReference(layer, size) : null;

    private void BackwardConvolution(int index, ConvolutionLayer layer, int samples, Span<float> contribution)
    {
        var (input, dout, din) = (_activations[index], _gradients[index + 1], _gradients[index]);
        var weightGradient = Slice(contribution, layer.Weight);
        var pooled = _network.Layers[index + 1] is MaxPoolLayer;
        if (pooled)
        {
            ConvolutionReference.PooledWeightGradient(
                layer, samples, input, _gradients[index + 2], _winners[index + 1], weightGradient);
        }
        else if (WinogradOf(index, layer) is { } winograd)
        {
            winograd.WeightGradient(samples, input, dout, weightGradient);
        }
        else
        {
            ConvolutionReference.WeightGradient(layer, samples, input, dout, weightGradient);
        }

        if (layer.Bias is not null)
        {
            // The bias adds what the weights' sums run over: pooled elements where the layer is pooled.
            var shape = _network.Layers[pooled ? index + 1 : index].Output;
            var terms = _gradients[pooled ? index + 2 : index + 1].AsSpan(0, samples * shape.Length).ToArray();
            BatchNormalizationReference.ChannelSum(terms, shape.Length, shape.Channels, (dy, _, sum) => dy + sum)
                .CopyTo(Slice(contribution, layer.Bias));
        }

        if (index > 0 && pooled)
        {
            ConvolutionReference.PooledInputGradient(
                layer, samples, _gradients[index + 2], _winners[index + 1], State(layer.Weight), din);
        }
        else if (index > 0 && WinogradOf(index, layer) is { } winograd)
        {
            winograd.InputGradient(samples, dout, State(layer.Weight), din);
        }
        else if (index > 0)
        {
            ConvolutionReference.InputGradient(layer, samples, dout, State(layer.Weight), din);
        }
    }

    private static void ApplyDropout(DropoutLayer layer, ReadOnlySpan<ulong> dropoutKeys, Span<float> values)
    {
        for (var sample = 0; sample < dropoutKeys.Length; sample++)
        {
            Dropout.ApplyReference(layer, dropoutKeys[sample], values.Slice(sample * layer.Input.Length, layer.Input.Length));
        }
    }

    private float[] State() =>
        _state ?? throw new InvalidOperationException("LoadState comes first: the engine has no weights yet");

    private ReadOnlySpan<float> State(TensorSpec? tensor) => tensor is null ? [] : State().AsSpan(tensor.Offset, tensor.Length);

    private static Span<float> Slice(Span<float> contribution, TensorSpec tensor) => contribution.Slice(tensor.Offset, tensor.Length);
}
