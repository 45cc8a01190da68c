using Mnist.Learning.Kernels;
using Mnist.Learning.Models;
using static TorchSharp.torch;

namespace Mnist.Learning.Torch;

/// <summary>
/// The layers of a network as calls of libtorch. Maps are (n, c, y, x) as libtorch wants them; weights, masks and what a dense layer
/// reads keep the order of the flat vectors, (y, x, c), by permuting views.
/// </summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly NetworkDefinition _network;
    private readonly Dictionary<DropoutLayer, TransferBuffer> _masks;

    /// <summary>Reserves memory for dropout masks.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batchCapacity">The most samples in one call.</param>
    /// <param name="device">Where to compute.</param>
    public TorchNetwork(NetworkDefinition network, int batchCapacity, Device device)
    {
        _network = network;
        _masks = network.Layers.OfType<DropoutLayer>().ToDictionary(
            layer => layer, layer => new TransferBuffer(device, float32, batchCapacity, layer.Input.Length));
    }

    /// <summary>Class scores in training mode.</summary>
    /// <param name="images">(n, 1, 28, 28).</param>
    /// <param name="parameters">All parameters in a row.</param>
    /// <param name="batchStatistics">Receives mean and unbiased variance of each batch normalization, where the running ones lie in the
    /// state; zeros before.</param>
    /// <param name="dropoutKeys">(n).</param>
    /// <param name="cancellationToken">Checked between layers.</param>
    /// <returns>(n, 10).</returns>
    public Tensor Train(
        Tensor images,
        Tensor parameters,
        Tensor batchStatistics,
        ReadOnlySpan<ulong> dropoutKeys,
        CancellationToken cancellationToken)
    {
        var tensors = Split(parameters, batchStatistics);
        var x = images;
        foreach (var layer in _network.Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            x = layer switch
            {
                // With a momentum of 1 the running statistics become those of the batch.
                BatchNormalizationLayer normalization => Normalize(normalization, x, tensors, training: true, momentum: 1),
                DropoutLayer dropout => x * Mask(dropout, dropoutKeys, x),
                _ => Apply(layer, x, tensors),
            };
        }

        return x;
    }

    /// <summary>Class scores in evaluation mode.</summary>
    /// <param name="images">(n, 1, 28, 28).</param>
    /// <param name="state">(parameters, running statistics).</param>
    /// <returns>(n, 10).</returns>
    public Tensor Infer(Tensor images, Tensor state)
    {
        var parameterCount = _network.Layout.ParameterCount;
        var tensors = Split(
            state.narrow(0, 0, parameterCount), state.narrow(0, parameterCount, _network.Layout.StateLength - parameterCount));
        var x = images;
        foreach (var layer in _network.Layers)
        {
            x = layer switch
            {
                BatchNormalizationLayer normalization => Normalize(normalization, x, tensors, training: false, momentum: 0),
                DropoutLayer => x,
                _ => Apply(layer, x, tensors),
            };
        }

        return x;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }
    }

    private static Tensor Apply(LayerSpec layer, Tensor x, Dictionary<TensorSpec, Tensor> tensors) => layer switch
    {
        ConvolutionLayer convolution => nn.functional.conv2d(
            x,
            tensors[convolution.Weight].permute(3, 2, 0, 1),
            convolution.Bias is null ? null : tensors[convolution.Bias],
            padding: [convolution.Padding, convolution.Padding]),
        MaxPoolLayer => nn.functional.max_pool2d(x, 2),
        ReluLayer => nn.functional.relu(x),
        DenseLayer dense => tensors[dense.Bias].addmm(Flatten(x), tensors[dense.Weight]),
        _ => throw new ArgumentException($"there is no call for {layer}"),
    };

    private static Tensor Normalize(
        BatchNormalizationLayer layer, Tensor x, Dictionary<TensorSpec, Tensor> tensors, bool training, double momentum) =>
        nn.functional.batch_norm(
            x,
            tensors[layer.RunningMean],
            tensors[layer.RunningVariance],
            tensors[layer.Weight],
            tensors[layer.Bias],
            training,
            momentum,
            BatchNormalizationLayer.Epsilon);

    /// <summary>(n, c, y, x) → (n, y · x · c); what is flat already stays.</summary>
    private static Tensor Flatten(Tensor x) => x.dim() == 2 ? x : x.permute(0, 2, 3, 1).flatten(1);

    /// <summary>0 or the factor for each element, from the same draws as <see cref="Dropout"/>.</summary>
    private Tensor Mask(DropoutLayer layer, ReadOnlySpan<ulong> dropoutKeys, Tensor x)
    {
        var buffer = _masks[layer];
        var values = buffer.Values<float>()[..(dropoutKeys.Length * layer.Input.Length)];
        values.Fill(1f);
        for (var sample = 0; sample < dropoutKeys.Length; sample++)
        {
            Dropout.Apply(layer, dropoutKeys[sample], values.Slice(sample * layer.Input.Length, layer.Input.Length));
        }

        buffer.Upload(dropoutKeys.Length);
        var mask = buffer.Tensor.narrow(0, 0, dropoutKeys.Length);
        var shape = layer.Input;
        return x.dim() == 2 ? mask : mask.view(dropoutKeys.Length, shape.Height, shape.Width, shape.Channels).permute(0, 3, 1, 2);
    }

    /// <summary>Views of the tensors. The gradient of a split is one concatenation; that of slices would be as many full vectors.</summary>
    private Dictionary<TensorSpec, Tensor> Split(Tensor parameters, Tensor statistics)
    {
        var byKind = _network.Layout.Tensors.ToLookup(spec => spec.Kind == TensorKind.Parameter);
        return Views(parameters, [.. byKind[true]]).Concat(Views(statistics, [.. byKind[false]]))
            .ToDictionary(pair => pair.Spec, pair => pair.View);
    }

    private static IEnumerable<(TensorSpec Spec, Tensor View)> Views(Tensor flat, TensorSpec[] specs) => specs.Length == 0
        ? []
        : specs.Zip(
            flat.split(Array.ConvertAll(specs, spec => (long)spec.Length)),
            (spec, part) => (spec, part.view([.. spec.Shape.Select(extent => (long)extent)])));
}
