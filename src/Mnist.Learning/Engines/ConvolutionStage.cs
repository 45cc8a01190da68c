using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Engines;

/// <summary>Convolution, pooling, batch normalization, rectifier, dropout.</summary>
internal sealed unsafe class ConvolutionStage : Stage
{
    private readonly ConvolutionLayer _layer;
    private readonly KernelSet _wideKernels;
    private readonly FeatureMap _product;
    private readonly FeatureMap? _winners;
    private readonly int[] _windowOffsets;
    private readonly ConvolutionForward? _forward;
    private readonly PooledConvolutionForward? _pooledForward;
    private readonly InputGradient? _inputGradient;
    private readonly WeightGradient _weightGradient;
    private readonly BatchNormalization? _normalization;
    private readonly Rectifier? _rectifier;
    private readonly AlignedBuffer _biasSums = new(ChannelSums.Chains);

    /// <summary>Prepares the stage.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="input">What the stage reads, with a border as wide as the padding.</param>
    /// <param name="inputGradient">Receives the gradient of the input, or null where nobody needs it.</param>
    /// <param name="capacity">The most samples.</param>
    /// <param name="border">Border that the next stage needs around its input.</param>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="workspace">Shared with the other stages.</param>
    public ConvolutionStage(
        StagePlan plan, FeatureMap input, FeatureMap? inputGradient, int capacity, int border, RegisterWidth width, Workspace workspace)
        : base(plan, capacity, border)
    {
        _layer = (ConvolutionLayer)plan.Weighted;
        var (kernel, padding) = (_layer.Kernel, _layer.Padding);
        _wideKernels = KernelSet.ForLoads(width, AlignedBuffer.Line);
        var outputKernels = KernelSet.For(width, _layer.Output.Channels);

        // Normalization needs what it read when it goes backward; a rectifier works in place.
        _product = plan.Normalization is null ? Output : new FeatureMap(plan.Output, capacity);
        var winograd = Winograd.TileSize(_layer, plan.Pool is not null) is { } size ? Winograd.For(width, size) : null;
        ConvolutionForward Forward() => winograd is null
            ? outputKernels.Correlation(input, _product, kernel, padding)
            : winograd.Forward(_layer, input, _product, workspace);
        _forward = plan.Pool is null ? Forward() : null;
        _pooledForward = plan.Pool is null
            ? null
            : KernelSet.ForSums(width, plan.Output.Height * plan.Output.Width).PooledImageConvolution(_layer, input, _product) ?? Forward();
        _normalization = plan.Normalization is null
            ? null
            : _wideKernels.BatchNormalization(plan.Normalization, _product, Output);
        _rectifier = plan.Relu is null || plan.Normalization is not null ? null : _wideKernels.Rectifier(Output);

        var pixel = input.Shape.Channels;
        _windowOffsets = [0, pixel, input.RowStride, input.RowStride + pixel];
        if (plan.Pool is null)
        {
            _weightGradient = winograd is null
                ? outputKernels.WeightGradient(input, OutputGradient, kernel)
                : winograd.WeightGradient(_layer, input, OutputGradient, workspace);
        }
        else
        {
            _winners = new FeatureMap(plan.Output, capacity);
            _weightGradient = PooledImageWeightGradient.Fits(width, input, OutputGradient, kernel)
                ? new PooledImageWeightGradient(input, OutputGradient, _winners)
                : KernelSet.ForLoads(width, kernel * pixel).PooledWeightGradient(input, OutputGradient, _winners, kernel);
        }

        if (inputGradient is not null)
        {
            _inputGradient = _winners is not null
                ? KernelSet.ForSums(width, pixel).PooledInputGradient(OutputGradient, _winners, inputGradient, kernel, padding)
                : winograd is not null
                ? winograd.InputGradient(_layer, OutputGradient, inputGradient, workspace)
                : new CorrelatedInputGradient(
                    KernelSet.For(width, pixel).Correlation(OutputGradient, inputGradient, kernel, kernel - 1 - padding));
        }
    }

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<float> state)
    {
        var weight = state.Slice(_layer.Weight.Offset, _layer.Weight.Length);
        var bias = _layer.Bias is null ? [] : state.Slice(_layer.Bias.Offset, _layer.Bias.Length);
        _forward?.Pack(weight, bias);
        _pooledForward?.Pack(weight, bias);
        _inputGradient?.Pack(weight);
        _normalization?.LoadState(state);
    }

    /// <inheritdoc/>
    public override void Multiply(int samples)
    {
        _forward?.Run(samples);
        _pooledForward?.RunPooled(samples, _winners!, _windowOffsets);
    }

    /// <inheritdoc/>
    public override void Activate(int samples, ReadOnlySpan<ulong> dropoutKeys, float* contribution)
    {
        _normalization?.Train(samples, contribution);
        _rectifier?.Forward(samples);
        ApplyDropout(samples, dropoutKeys);
    }

    /// <inheritdoc/>
    public override void Infer(int samples)
    {
        Multiply(samples);
        _normalization?.Infer(samples);
        _rectifier?.Forward(samples);
    }

    /// <inheritdoc/>
    public override void ActivationGradient(int samples, float* contribution)
    {
        _normalization?.Backward(samples, OutputGradient, contribution);
        _rectifier?.Backward(samples, OutputGradient, DropoutFactor);
    }

    /// <inheritdoc/>
    public override void WeightGradient(int samples, float* contribution)
    {
        if (_layer.Bias is not null)
        {
            _wideKernels.SumChannels(OutputGradient, samples, _biasSums.Data);
            _biasSums.Span[.._layer.Bias.Length].CopyTo(new Span<float>(contribution + _layer.Bias.Offset, _layer.Bias.Length));
        }

        _weightGradient.Run(samples, contribution + _layer.Weight.Offset);
    }

    /// <inheritdoc/>
    public override void InputGradient(int samples) => _inputGradient?.Run(samples);
}
