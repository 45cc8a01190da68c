using System.Runtime.CompilerServices;

namespace Mnist.Learning.Kernels;

/// <summary>A rectifier, in place, with the dropout that may follow it.</summary>
/// <remarks>
/// An element of the output is greater than 0 exactly where the input is and dropout kept it, so the backward pass needs
/// neither the input nor the mask.
/// </remarks>
internal abstract class Rectifier
{
    /// <summary>Rectifies.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Forward(int samples);

    /// <summary>dx = dout · factor where the output is greater than 0, else 0.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="gradient">The gradient of the output, replaced by that of the input.</param>
    /// <param name="factor">What dropout multiplied kept elements by, or 1.</param>
    public abstract void Backward(int samples, FeatureMap gradient, float factor);
}

/// <inheritdoc cref="Rectifier"/>
/// <typeparam name="TLanes">A vector of 16 lanes.</typeparam>
/// <param name="map">x, without border, replaced by the output.</param>
internal sealed unsafe class Rectifier<TLanes>(FeatureMap map) : Rectifier
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(int samples)
    {
        for (var sample = 0; sample < samples; sample++)
        {
            var x = map.Data + ((nint)sample * map.SampleStride);
            for (var e = 0; e < map.Shape.Length; e += TLanes.Count)
            {
                var value = TLanes.Load(x + e);
                TLanes.Store(TLanes.SelectIfGreater(TLanes.Zero, value, TLanes.Zero, value), x + e);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(int samples, FeatureMap gradient, float factor)
    {
        var scale = TLanes.Broadcast(factor);
        for (var sample = 0; sample < samples; sample++)
        {
            var x = map.Data + ((nint)sample * map.SampleStride);
            var dout = gradient.Data + ((nint)sample * gradient.SampleStride);
            for (var e = 0; e < map.Shape.Length; e += TLanes.Count)
            {
                var value = TLanes.Multiply(TLanes.Load(dout + e), scale);
                TLanes.Store(TLanes.SelectIfGreater(TLanes.Load(x + e), TLanes.Zero, value, TLanes.Zero), dout + e);
            }
        }
    }
}
