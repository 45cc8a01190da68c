using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Engines;

/// <summary>Dense layer, rectifier, dropout.</summary>
internal sealed unsafe class DenseStage : Stage
{
    private readonly DenseLayer _layer;
    private readonly FeatureMap? _inputGradient;
    private readonly Dense _dense;
    private readonly Rectifier? _rectifier;

    /// <summary>Prepares the stage.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="input">What the stage reads.</param>
    /// <param name="inputGradient">Receives the gradient of the input, or null where nobody needs it.</param>
    /// <param name="capacity">The most samples.</param>
    /// <param name="width">Registers to compute in.</param>
    public DenseStage(StagePlan plan, FeatureMap input, FeatureMap? inputGradient, int capacity, RegisterWidth width)
        : base(plan, capacity, border: 0)
    {
        _layer = (DenseLayer)plan.Weighted;
        _inputGradient = inputGradient;
        var kernels = KernelSet.Wide(width);
        _dense = kernels.Dense(input, Output);
        _rectifier = plan.Relu is null ? null : kernels.Rectifier(Output);
    }

    /// <inheritdoc/>
    public override void LoadState(ReadOnlySpan<float> state) => _dense.Pack(
        state.Slice(_layer.Weight.Offset, _layer.Weight.Length), state.Slice(_layer.Bias.Offset, _layer.Bias.Length));

    /// <inheritdoc/>
    public override void Multiply(int samples) => _dense.Forward(samples);

    /// <inheritdoc/>
    public override void Activate(int samples, ReadOnlySpan<ulong> dropoutKeys, float* contribution)
    {
        _rectifier?.Forward(samples);
        ApplyDropout(samples, dropoutKeys);
    }

    /// <inheritdoc/>
    public override void Infer(int samples)
    {
        _dense.Forward(samples);
        _rectifier?.Forward(samples);
    }

    /// <inheritdoc/>
    public override void ActivationGradient(int samples, float* contribution) =>
        _rectifier?.Backward(samples, OutputGradient, DropoutFactor);

    /// <inheritdoc/>
    public override void WeightGradient(int samples, float* contribution) => _dense.WeightGradient(
        samples, OutputGradient, contribution + _layer.Weight.Offset, contribution + _layer.Bias.Offset);

    /// <inheritdoc/>
    public override void InputGradient(int samples)
    {
        if (_inputGradient is not null)
        {
            _dense.InputGradient(samples, OutputGradient, _inputGradient);
        }
    }
}
