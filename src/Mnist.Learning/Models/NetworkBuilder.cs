using Mnist.Learning.Data;

namespace Mnist.Learning.Models;

/// <summary>
/// Strings layers together, working out shapes, names and offsets. Parameters get their offsets as they come;
/// statistics lie behind all parameters, so theirs are final only in <see cref="Build"/>.
/// </summary>
internal sealed class NetworkBuilder(string name)
{
    private readonly List<LayerSpec> _layers = [];
    private readonly List<TensorSpec> _parameters = [];
    private readonly List<TensorSpec> _statistics = [];
    private MapShape _shape = new(ImageSet.Side, ImageSet.Side, 1);
    private int _parameterCount;
    private int _statisticCount;
    private int _convolutions;
    private int _normalizations;
    private int _dropouts;

    public NetworkBuilder Convolution(int kernel, int outputs, int padding = 0, bool bias = false)
    {
        var tensor = $"conv{++_convolutions}";
        var inputs = _shape.Channels;
        var fanIn = kernel * kernel * inputs;
        var output = new MapShape(_shape.Height + (2 * padding) - kernel + 1, _shape.Width + (2 * padding) - kernel + 1, outputs);
        var weight = Parameter($"{tensor}.weight", [kernel, kernel, inputs, outputs], fanIn);
        return Add(new ConvolutionLayer(
            _shape, output, kernel, padding, weight, bias ? Parameter($"{tensor}.bias", [outputs], fanIn) : null));
    }

    public NetworkBuilder MaxPool() =>
        Add(new MaxPoolLayer(_shape, new MapShape(_shape.Height / 2, _shape.Width / 2, _shape.Channels)));

    public NetworkBuilder BatchNormalization()
    {
        var tensor = $"bn{++_normalizations}";
        int[] shape = [_shape.Channels];
        return Add(new BatchNormalizationLayer(
            _shape,
            Parameter($"{tensor}.weight", shape, 0),
            Parameter($"{tensor}.bias", shape, 0),
            Statistic($"{tensor}.running_mean", shape, TensorKind.RunningMean),
            Statistic($"{tensor}.running_var", shape, TensorKind.RunningVariance)));
    }

    public NetworkBuilder Relu() => Add(new ReluLayer(_shape));

    public NetworkBuilder Dropout(float rate) => Add(new DropoutLayer(_shape, rate, _dropouts++));

    public NetworkBuilder Dense(string tensor, int outputs)
    {
        var inputs = _shape.Length;
        return Add(new DenseLayer(
            _shape,
            new MapShape(1, 1, outputs),
            Parameter($"{tensor}.weight", [inputs, outputs], inputs),
            Parameter($"{tensor}.bias", [outputs], inputs)));
    }

    public NetworkDefinition Build()
    {
        TensorSpec Place(TensorSpec statistic) => statistic with { Offset = _parameterCount + statistic.Offset };
        var layers = _layers.Select(layer => layer is BatchNormalizationLayer normalization
            ? normalization with
            {
                RunningMean = Place(normalization.RunningMean),
                RunningVariance = Place(normalization.RunningVariance),
            }
            : layer);
        return new NetworkDefinition(
            name, layers.ToArray(), new ModelLayout(name, [.. _parameters, .. _statistics.Select(Place)]));
    }

    private NetworkBuilder Add(LayerSpec layer)
    {
        _layers.Add(layer);
        _shape = layer.Output;
        return this;
    }

    private TensorSpec Parameter(string tensor, int[] shape, int fanIn)
    {
        var spec = new TensorSpec(tensor, shape, _parameterCount, TensorKind.Parameter, fanIn);
        _parameterCount += spec.Length;
        _parameters.Add(spec);
        return spec;
    }

    private TensorSpec Statistic(string tensor, int[] shape, TensorKind kind)
    {
        var spec = new TensorSpec(tensor, shape, _statisticCount, kind, 0);
        _statisticCount += spec.Length;
        _statistics.Add(spec);
        return spec;
    }
}
