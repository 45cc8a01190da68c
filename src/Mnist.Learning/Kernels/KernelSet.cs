using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Makes the kernels of one vector type: the one place that chooses an implementation of <see cref="ILanes{T}"/>.</summary>
internal abstract class KernelSet
{
    /// <summary>Kernels with 16 lanes.</summary>
    public static KernelSet Wide(RegisterWidth width) => width switch
    {
        RegisterWidth.Bits512 => new KernelSet<Lanes1x512>(),
        RegisterWidth.Bits256 or RegisterWidth.Bits512InHalves => new KernelSet<Lanes2x256>(),
        _ => new KernelSet<Lanes4x128>(),
    };

    /// <summary>Kernels with 8 lanes.</summary>
    public static KernelSet Narrow(RegisterWidth width) =>
        width == RegisterWidth.Bits128 ? new KernelSet<Lanes2x128>() : new KernelSet<Lanes1x256>();

    /// <summary>Kernels with the most lanes that elements side by side fill without a rest.</summary>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="elements">Number of elements side by side.</param>
    public static KernelSet For(RegisterWidth width, int elements) => elements % 16 == 0 ? Wide(width) : Narrow(width);

    /// <summary>As <see cref="For"/>, for kernels that load most operands as vectors instead of broadcasting them.</summary>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="elements">Number of elements side by side.</param>
    public static KernelSet ForLoads(RegisterWidth width, int elements) =>
        For(width == RegisterWidth.Bits512InHalves ? RegisterWidth.Bits512 : width, elements);

    /// <summary>As <see cref="ForLoads"/>, for kernels that hold sixteen sums: in single registers, wherever those suffice.</summary>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="elements">Number of elements side by side.</param>
    public static KernelSet ForSums(RegisterWidth width, int elements) =>
        width < RegisterWidth.Bits512InHalves ? Narrow(width) : ForLoads(width, elements);

    /// <summary>See <see cref="Kernels.Correlation{TLanes}"/>.</summary>
    public abstract Correlation Correlation(FeatureMap input, FeatureMap output, int kernel, int padding);

    /// <summary>See <see cref="PooledImageConvolution{TLanes}"/>; null where it cannot compute the layer.</summary>
    public abstract PooledConvolutionForward? PooledImageConvolution(ConvolutionLayer layer, FeatureMap input, FeatureMap output);

    /// <summary>See <see cref="Kernels.WeightGradient{TLanes}"/>.</summary>
    public abstract WeightGradient WeightGradient(FeatureMap input, FeatureMap outputGradient, int kernel);

    /// <summary>See <see cref="Kernels.PooledWeightGradient{TLanes}"/>.</summary>
    public abstract WeightGradient PooledWeightGradient(
        FeatureMap input, FeatureMap pooledGradient, FeatureMap winners, int kernel);

    /// <summary>See <see cref="Kernels.PooledInputGradient{TLanes}"/>.</summary>
    public abstract InputGradient PooledInputGradient(
        FeatureMap pooledGradient, FeatureMap winners, FeatureMap inputGradient, int kernel, int padding);

    /// <summary>See <see cref="ChannelSums.Sum{TLanes}"/>; the first channels of the sums receive the result.</summary>
    public abstract unsafe void SumChannels(FeatureMap map, int samples, float* sums);

    /// <summary>See <see cref="Kernels.BatchNormalization{TLanes}"/>.</summary>
    public abstract BatchNormalization BatchNormalization(BatchNormalizationLayer layer, FeatureMap input, FeatureMap output);

    /// <summary>See <see cref="Kernels.Rectifier{TLanes}"/>.</summary>
    public abstract Rectifier Rectifier(FeatureMap map);

    /// <summary>See <see cref="Kernels.Dense{TLanes}"/>.</summary>
    public abstract Dense Dense(FeatureMap input, FeatureMap output);
}

/// <inheritdoc cref="KernelSet"/>
/// <typeparam name="TLanes">The vector type.</typeparam>
internal sealed class KernelSet<TLanes> : KernelSet
    where TLanes : struct, ILanes<TLanes>
{
    /// <inheritdoc/>
    public override Correlation Correlation(FeatureMap input, FeatureMap output, int kernel, int padding) =>
        new Correlation<TLanes>(input, output, kernel, padding);

    /// <inheritdoc/>
    public override PooledConvolutionForward? PooledImageConvolution(ConvolutionLayer layer, FeatureMap input, FeatureMap output) =>
        PooledImageConvolution<TLanes>.Fits(layer, output) ? new PooledImageConvolution<TLanes>(input, output, layer.Kernel) : null;

    /// <inheritdoc/>
    public override WeightGradient WeightGradient(FeatureMap input, FeatureMap outputGradient, int kernel) =>
        new WeightGradient<TLanes>(input, outputGradient, kernel);

    /// <inheritdoc/>
    public override WeightGradient PooledWeightGradient(
        FeatureMap input, FeatureMap pooledGradient, FeatureMap winners, int kernel) =>
        new PooledWeightGradient<TLanes>(input, pooledGradient, winners, kernel);

    /// <inheritdoc/>
    public override InputGradient PooledInputGradient(
        FeatureMap pooledGradient, FeatureMap winners, FeatureMap inputGradient, int kernel, int padding) =>
        new PooledInputGradient<TLanes>(pooledGradient, winners, inputGradient, kernel, padding);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void SumChannels(FeatureMap map, int samples, float* sums)
    {
        ChannelSums.Sum<TLanes>(map, samples, sums);
        ChannelSums.Reduce(sums, map.Shape.Channels);
    }

    /// <inheritdoc/>
    public override BatchNormalization BatchNormalization(BatchNormalizationLayer layer, FeatureMap input, FeatureMap output) =>
        new BatchNormalization<TLanes>(layer, input, output);

    /// <inheritdoc/>
    public override Rectifier Rectifier(FeatureMap map) => new Rectifier<TLanes>(map);

    /// <inheritdoc/>
    public override Dense Dense(FeatureMap input, FeatureMap output) => new Dense<TLanes>(input, output);
}
