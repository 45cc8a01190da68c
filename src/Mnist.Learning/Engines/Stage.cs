using Mnist.Learning.Kernels;
using Mnist.Learning.Models;

namespace Mnist.Learning.Engines;

/// <summary>
/// A layer with weights and what follows it up to the next one: reads the map of the stage before it, writes its own, and
/// backwards turns the gradient of its output into that of its input.
/// </summary>
internal abstract unsafe class Stage
{
    private readonly DropoutLayer? _dropout;

    /// <summary>Reserves the maps that the next stage reads and writes.</summary>
    /// <param name="plan">The layers.</param>
    /// <param name="capacity">The most samples.</param>
    /// <param name="border">Border that the next stage needs around its input.</param>
    protected Stage(StagePlan plan, int capacity, int border)
    {
        Output = new FeatureMap(plan.Output, capacity, border);
        OutputGradient = new FeatureMap(plan.Output, capacity);
        _dropout = plan.Dropout;
    }

    /// <summary>What the stage computes, (n, y, x, channel).</summary>
    public FeatureMap Output { get; }

    /// <summary>Its gradient, without border; the backward pass overwrites it.</summary>
    public FeatureMap OutputGradient { get; }

    /// <summary>What dropout multiplies kept elements by; 1 without dropout.</summary>
    protected float DropoutFactor => _dropout is null ? 1f : Kernels.Dropout.Factor(_dropout);

    /// <summary>Packs the stage's tensors.</summary>
    /// <param name="state">The network's state vector.</param>
    public abstract void LoadState(ReadOnlySpan<float> state);

    /// <summary>Forward pass in training mode.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="dropoutKeys">A key for each sample.</param>
    /// <param name="contribution">Receives batch statistics.</param>
    public void Train(int samples, ReadOnlySpan<ulong> dropoutKeys, float* contribution)
    {
        Multiply(samples);
        Activate(samples, dropoutKeys, contribution);
    }

    /// <summary>First part of the forward pass: the product with the weights, and pooling.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Multiply(int samples);

    /// <summary>Second part of the forward pass in training mode: normalization, rectifier, dropout.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="dropoutKeys">A key for each sample.</param>
    /// <param name="contribution">Receives batch statistics.</param>
    public abstract void Activate(int samples, ReadOnlySpan<ulong> dropoutKeys, float* contribution);

    /// <summary>Forward pass in evaluation mode.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Infer(int samples);

    /// <summary>Backward pass after <see cref="Train"/>.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="contribution">Receives gradients.</param>
    public void Backward(int samples, float* contribution)
    {
        ActivationGradient(samples, contribution);
        WeightGradient(samples, contribution);
        InputGradient(samples);
    }

    /// <summary>First part of the backward pass: from the gradient of the output to that of the product.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="contribution">Receives the gradients of a normalization.</param>
    public abstract void ActivationGradient(int samples, float* contribution);

    /// <summary>Second part of the backward pass.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="contribution">Receives the gradients of weights and bias.</param>
    public abstract void WeightGradient(int samples, float* contribution);

    /// <summary>Third part of the backward pass, where somebody needs the gradient of the input.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void InputGradient(int samples);

    /// <summary>Applies the stage's dropout, if it has one, to its output.</summary>
    protected void ApplyDropout(int samples, ReadOnlySpan<ulong> dropoutKeys)
    {
        for (var sample = 0; _dropout is not null && sample < samples; sample++)
        {
            var values = new Span<float>(Output.Data + ((nint)sample * Output.SampleStride), Output.Shape.Length);
            Kernels.Dropout.Apply(_dropout, dropoutKeys[sample], values);
        }
    }
}
