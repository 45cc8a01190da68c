using Mnist.Learning.Models;
using WinogradTile2 = Mnist.Learning.Kernels.WinogradTile<
    Mnist.Learning.Kernels.WinogradMaps2.Input,
    Mnist.Learning.Kernels.WinogradMaps2.Kernel,
    Mnist.Learning.Kernels.WinogradMaps2.Output,
    Mnist.Learning.Kernels.WinogradMaps2.OutputGradient,
    Mnist.Learning.Kernels.WinogradMaps2.InputGradient,
    Mnist.Learning.Kernels.WinogradMaps2.KernelGradient>;
using WinogradTile3 = Mnist.Learning.Kernels.WinogradTile<
    Mnist.Learning.Kernels.WinogradMaps3.Input,
    Mnist.Learning.Kernels.WinogradMaps3.Kernel,
    Mnist.Learning.Kernels.WinogradMaps3.Output,
    Mnist.Learning.Kernels.WinogradMaps3.OutputGradient,
    Mnist.Learning.Kernels.WinogradMaps3.InputGradient,
    Mnist.Learning.Kernels.WinogradMaps3.KernelGradient>;

namespace Mnist.Learning.Kernels;

/// <summary>Makes the kernels of Winograd's minimal filtering, and says for which convolutions they are used.</summary>
internal abstract class Winograd
{
    /// <summary>
    /// Rows and columns of a tile of outputs, or null where the convolution is computed directly. It is part of the numerical contract,
    /// as it decides in which order sums are added up.
    /// </summary>
    /// <param name="layer">The convolution.</param>
    /// <param name="isPooled">Whether its outputs are pooled: then a tile is a window.</param>
    public static int? TileSize(ConvolutionLayer layer, bool isPooled)
    {
        // Gradients behind a pooling are those of the winners, computed directly: outputs alone get by with half as many input channels.
        const int Lanes = 16;
        var inputLanes = isPooled ? Lanes / 2 : Lanes;
        var (height, width) = (layer.Output.Height, layer.Output.Width);
        if (layer.Kernel != 3 || layer.Input.Channels % inputLanes > 0 || layer.Output.Channels % Lanes > 0)
        {
            return null;
        }

        return height % 2 == 0 && width % 2 == 0 ? 2
            : height % 3 == 0 && width % 3 == 0 && !isPooled ? 3
            : null;
    }

    /// <summary>The kernels for tiles of a size.</summary>
    /// <param name="width">Registers to compute in.</param>
    /// <param name="tileSize">See <see cref="TileSize"/>.</param>
    public static Winograd For(RegisterWidth width, int tileSize) => tileSize switch
    {
        2 => For<WinogradTile2>(width),
        3 => For<WinogradTile3>(width),
        _ => throw new ArgumentOutOfRangeException(nameof(tileSize), tileSize, "expected 2 or 3"),
    };

    /// <summary>See <see cref="WinogradForward{TTile, TLanes, TLoads, TNarrow}"/>.</summary>
    public abstract ConvolutionForward Forward(ConvolutionLayer layer, FeatureMap input, FeatureMap output, Workspace workspace);

    /// <summary>See <see cref="WinogradInputGradient{TTile, TLanes, TLoads}"/>.</summary>
    public abstract InputGradient InputGradient(
        ConvolutionLayer layer, FeatureMap outputGradient, FeatureMap inputGradient, Workspace workspace);

    /// <summary>See <see cref="WinogradWeightGradient{TTile, TLanes, TLoads}"/>.</summary>
    public abstract WeightGradient WeightGradient(
        ConvolutionLayer layer, FeatureMap input, FeatureMap outputGradient, Workspace workspace);

    private static Winograd For<TTile>(RegisterWidth width)
        where TTile : struct, IWinogradTile => width switch
        {
            RegisterWidth.Bits512 => new Winograd<TTile, Lanes1x512, Lanes1x512, Lanes1x256>(),
            RegisterWidth.Bits512InHalves => new Winograd<TTile, Lanes2x256, Lanes1x512, Lanes1x256>(),
            RegisterWidth.Bits256 => new Winograd<TTile, Lanes2x256, Lanes2x256, Lanes1x256>(),
            _ => new Winograd<TTile, Lanes4x128, Lanes4x128, Lanes2x128>(),
        };
}

/// <inheritdoc cref="Winograd"/>
/// <typeparam name="TTile">The size of a tile.</typeparam>
/// <typeparam name="TLanes">Sixteen lanes, best for products.</typeparam>
/// <typeparam name="TLoads">Sixteen lanes, best for loads and additions.</typeparam>
/// <typeparam name="TNarrow">Eight lanes.</typeparam>
internal sealed class Winograd<TTile, TLanes, TLoads, TNarrow> : Winograd
    where TTile : struct, IWinogradTile
    where TLanes : struct, ILanes<TLanes>
    where TLoads : struct, ILanes<TLoads>
    where TNarrow : struct, ILanes<TNarrow>
{
    /// <inheritdoc/>
    public override ConvolutionForward Forward(
        ConvolutionLayer layer, FeatureMap input, FeatureMap output, Workspace workspace) =>
        new WinogradForward<TTile, TLanes, TLoads, TNarrow>(layer, input, output, workspace);

    /// <inheritdoc/>
    public override InputGradient InputGradient(
        ConvolutionLayer layer, FeatureMap outputGradient, FeatureMap inputGradient, Workspace workspace) =>
        new WinogradInputGradient<TTile, TLanes, TLoads>(layer, outputGradient, inputGradient, workspace);

    /// <inheritdoc/>
    public override WeightGradient WeightGradient(
        ConvolutionLayer layer, FeatureMap input, FeatureMap outputGradient, Workspace workspace) =>
        new WinogradWeightGradient<TTile, TLanes, TLoads>(layer, input, outputGradient, workspace);
}
