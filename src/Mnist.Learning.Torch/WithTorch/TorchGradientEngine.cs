using System.Runtime.InteropServices;
using Mnist.Learning.Data;
using Mnist.Learning.Engines;
using Mnist.Learning.Models;
using Mnist.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Mnist.Learning.Torch;

/// <summary>
/// A gradient engine on libtorch: the same networks, slices, masks and vectors as <see cref="SimdGradientEngine"/>, and the same
/// numbers within rounding. Weights are slices of one flat tensor, so that the gradient comes back as one, in our order.
/// </summary>
/// <remarks>
/// Every tensor of a call belongs to a scope that ends with it. Scopes belong to a thread, so that none is open across calls;
/// what lives as long as the engine is detached, lest a scope of the constructor's caller end it.
/// </remarks>
internal sealed class TorchGradientEngine : IGradientEngine
{
    private readonly TorchNetwork _network;
    private readonly TransferBuffer _state;
    private readonly TransferBuffer _images;
    private readonly TransferBuffer _labels;
    private readonly Tensor _batchStatistics;

    // On a graphics processor, results come back through this.
    private readonly Tensor? _results;
    private bool _loaded;
    private bool _disposed;

    /// <summary>Reserves memory for what goes in; libtorch allocates the rest as it goes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchCapacity">The most samples in one call, at least 1.</param>
    /// <param name="deviceName">One of <see cref="TorchDevices"/>.</param>
    public TorchGradientEngine(NetworkDefinition network, int batchCapacity, string deviceName)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchCapacity, 1);
        Layout = network.Layout;
        BatchCapacity = batchCapacity;
        var device = torch.device(deviceName);
        _network = new TorchNetwork(network, batchCapacity, device);
        _state = new TransferBuffer(device, float32, Layout.StateLength);
        _images = new TransferBuffer(device, float32, batchCapacity, 1, ImageSet.Side, ImageSet.Side);
        _labels = new TransferBuffer(device, int64, batchCapacity);
        _batchStatistics = zeros(Layout.StateLength - Layout.ParameterCount, device: device).DetachFromDisposeScope();
        _results = device.type == DeviceType.CPU
            ? null
            : TransferBuffer.Pinned(device, float32, Math.Max(Layout.ContributionLength, batchCapacity * ImageSet.Classes));
    }

    /// <inheritdoc/>
    public ModelLayout Layout { get; }

    /// <inheritdoc/>
    public int BatchCapacity { get; }

    /// <inheritdoc/>
    public void LoadState(ReadOnlySpan<float> state)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        EngineArguments.RequireLength(state.Length, Layout.StateLength, nameof(state));
        state.CopyTo(_state.Values<float>());
        _state.Upload(state.Length);
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

        using var scope = NewDisposeScope();
        WriteImages(images);
        WriteLabels(labels);
        _batchStatistics.zero_();
        var target = _labels.Tensor.narrow(0, 0, labels.Length);
        var parameters = _state.Tensor.narrow(0, 0, Layout.ParameterCount).detach().requires_grad_();
        var scores = _network.Train(
            _images.Tensor.narrow(0, 0, labels.Length), parameters, _batchStatistics, dropoutKeys, cancellationToken);
        var loss = nn.functional.cross_entropy(scores, target, reduction: nn.Reduction.Sum);
        cancellationToken.ThrowIfCancellationRequested();
        var gradient = autograd.grad([loss], [parameters])[0];

        // A batch statistic counts once a sample. One vector in the order of the layout, so that the device is waited for once.
        using var _ = no_grad();
        var correct = scores.argmax(1).eq(target).sum().to(float32);
        Read(cat([gradient, _batchStatistics * labels.Length, loss.view(1), correct.view(1)]), contribution[..Layout.ContributionLength]);
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> images, Span<float> probabilities)
    {
        RequireReady();
        var samples = EngineArguments.CheckPrediction(this, images.Length, probabilities.Length);
        if (samples == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        WriteImages(images);
        var scores = _network.Infer(_images.Tensor.narrow(0, 0, samples), _state.Tensor);
        Read(nn.functional.softmax(scores, 1), probabilities);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _state.Dispose();
        _images.Dispose();
        _labels.Dispose();
        _batchStatistics.Dispose();
        _results?.Dispose();
        _network.Dispose();
    }

    private void WriteImages(ReadOnlySpan<float> images)
    {
        images.CopyTo(_images.Values<float>());
        _images.Upload(images.Length / ImageSet.PixelsPerImage);
    }

    private void WriteLabels(ReadOnlySpan<byte> labels)
    {
        var classes = _labels.Values<long>();
        for (var i = 0; i < labels.Length; i++)
        {
            classes[i] = labels[i];
        }

        _labels.Upload(labels.Length);
    }

    /// <summary>Copies what a tensor of the device holds, once it is computed.</summary>
    private void Read(Tensor tensor, Span<float> values)
    {
        var flat = tensor.reshape(-1);
        var host = _results?.narrow(0, 0, values.Length).copy_(flat) ?? flat;
        MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(values);
    }

    private void RequireReady()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_loaded)
        {
            throw new InvalidOperationException("LoadState comes first: the engine has no weights yet");
        }
    }
}
