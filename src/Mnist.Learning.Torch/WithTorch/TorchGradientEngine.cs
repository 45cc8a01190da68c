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
    private readonly Device _device;

    // On a graphics processor, values pass through the first of each pair, in memory that it can copy from by itself.
    private readonly (Tensor Host, Tensor Device) _state;
    private readonly (Tensor Host, Tensor Device) _images;
    private readonly (Tensor Host, Tensor Device) _labels;
    private readonly Tensor _batchStatistics;
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
        _device = device(deviceName);
        _network = new TorchNetwork(network, batchCapacity, _device);
        _state = Reserve(float32, Layout.StateLength);
        _images = Reserve(float32, batchCapacity, 1, ImageSet.Side, ImageSet.Side);
        _labels = Reserve(int64, batchCapacity);
        _batchStatistics = zeros(Layout.StateLength - Layout.ParameterCount, device: _device).DetachFromDisposeScope();
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
        Write(state, _state);
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
        Write(images, _images);
        WriteLabels(labels);
        _batchStatistics.zero_();
        var target = _labels.Device.narrow(0, 0, labels.Length);
        var parameters = _state.Device.narrow(0, 0, Layout.ParameterCount).detach().requires_grad_();
        var scores = _network.Train(
            _images.Device.narrow(0, 0, labels.Length), parameters, _batchStatistics, dropoutKeys, cancellationToken);
        var loss = nn.functional.cross_entropy(scores, target, reduction: nn.Reduction.Sum);
        cancellationToken.ThrowIfCancellationRequested();
        var gradient = autograd.grad([loss], [parameters])[0];

        // A batch statistic counts once a sample.
        using var _ = no_grad();
        Read(gradient, contribution[..Layout.ParameterCount]);
        Read(_batchStatistics * labels.Length, contribution[Layout.ParameterCount..Layout.StateLength]);
        Read(loss, contribution.Slice(Layout.LossIndex, 1));
        Read(scores.argmax(1).eq(target).sum().to(float32), contribution.Slice(Layout.CorrectIndex, 1));
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
        Write(images, _images);
        var scores = _network.Infer(_images.Device.narrow(0, 0, samples), _state.Device);
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
        foreach (var (host, device) in new[] { _state, _images, _labels })
        {
            host.Dispose();
            device.Dispose();
        }

        _batchStatistics.Dispose();
        _network.Dispose();
    }

    private (Tensor Host, Tensor Device) Reserve(ScalarType type, params long[] shape)
    {
        var host = zeros(shape, type);
        if (_device.type == DeviceType.CPU)
        {
            return (host.DetachFromDisposeScope(), host);
        }

        using (host)
        {
            return (host.pin_memory().DetachFromDisposeScope(), zeros(shape, type, _device).DetachFromDisposeScope());
        }
    }

    private static void Write(ReadOnlySpan<float> values, (Tensor Host, Tensor Device) buffer)
    {
        values.CopyTo(MemoryMarshal.Cast<byte, float>(buffer.Host.bytes));
        Upload(buffer);
    }

    private void WriteLabels(ReadOnlySpan<byte> labels)
    {
        var classes = MemoryMarshal.Cast<byte, long>(_labels.Host.bytes);
        for (var i = 0; i < labels.Length; i++)
        {
            classes[i] = labels[i];
        }

        Upload(_labels);
    }

    private static void Upload((Tensor Host, Tensor Device) buffer)
    {
        if (!ReferenceEquals(buffer.Host, buffer.Device))
        {
            buffer.Device.copy_(buffer.Host);
        }
    }

    private static void Read(Tensor tensor, Span<float> values) =>
        MemoryMarshal.Cast<byte, float>(tensor.detach().cpu().contiguous().bytes).CopyTo(values);

    private void RequireReady()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_loaded)
        {
            throw new InvalidOperationException("LoadState comes first: the engine has no weights yet");
        }
    }
}
