using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Weight gradient of a convolution with 3×3 kernels by Winograd's minimal filtering, transposed.</summary>
/// <remarks>
/// u[point, ci, co] = Σ (Bᵀ d B)[point, ci] · (A dout Aᵀ)[point, co], one chain of fused multiply-adds over the tiles of all samples from
/// +0; the gradient is Gᵀ u G.
/// </remarks>
/// <typeparam name="TTile">Size of a tile of outputs.</typeparam>
/// <typeparam name="TLanes">Sixteen lanes, best for products.</typeparam>
/// <typeparam name="TLoads">Sixteen lanes, best for loads and additions.</typeparam>
internal sealed unsafe class WinogradWeightGradient<TTile, TLanes, TLoads> : WeightGradient
    where TTile : struct, IWinogradTile
    where TLanes : struct, ILanes<TLanes>
    where TLoads : struct, ILanes<TLoads>
{
    private readonly FeatureMap _input;
    private readonly FeatureMap _outputGradient;
    private readonly WinogradTiles<TTile, TLoads> _tiles;
    private readonly Workspace _workspace;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="layer">Shapes of the convolution; channels are multiples of 16.</param>
    /// <param name="input">(n, y, x, ci), with a border as wide as the padding.</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="workspace">For what lies between.</param>
    public WinogradWeightGradient(ConvolutionLayer layer, FeatureMap input, FeatureMap outputGradient, Workspace workspace)
    {
        (_input, _outputGradient, _workspace) = (input, outputGradient, workspace);
        (_inputs, _outputs) = (layer.Input.Channels, layer.Output.Channels);
        _tiles = new WinogradTiles<TTile, TLoads>(layer);
        var points = WinogradTiles<TTile, TLoads>.Points;
        workspace.Reserve((points * ((long)InputStride + OutputStride + (_inputs * _outputs))));
    }

    private int InputStride => WinogradTiles<TTile, TLoads>.PointStride(_inputs);

    private int OutputStride => WinogradTiles<TTile, TLoads>.PointStride(_outputs);

    private float* InputPoints => _workspace.Data;

    private float* OutputPoints => InputPoints + (WinogradTiles<TTile, TLoads>.Points * InputStride);

    private float* Sums => OutputPoints + (WinogradTiles<TTile, TLoads>.Points * OutputStride);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples, float* gradient)
    {
        for (var first = 0; first < samples * _tiles.PerSample; first += WinogradTiles<TTile, TLoads>.AtATime)
        {
            var count = Math.Min(WinogradTiles<TTile, TLoads>.AtATime, (samples * _tiles.PerSample) - first);
            _tiles.TransformInputs<TLoads>(_input, first, count, InputPoints);
            _tiles.TransformOutputGradients(_outputGradient, first, count, OutputPoints);
            Accumulate(first, count);
        }

        nint tap = _inputs * _outputs;
        for (var i = 0; i < _inputs * _outputs; i += TLoads.Count)
        {
            TTile.KernelGradient<TLoads>(Sums + i, TTile.Points * tap, tap, gradient + i, 3 * tap, tap);
        }
    }

    /// <summary>Adds the outer products of some tiles to the sums, point by point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(int first, int count)
    {
        OuterProductTile tile;
        tile.APixel = _inputs;
        tile.ARow = 0;
        tile.ASample = 0;
        tile.BPixel = _outputs;
        tile.BRow = 0;
        tile.BSample = 0;
        tile.Samples = 1;
        tile.Height = 1;
        tile.Width = count;
        tile.CRow = _outputs;
        tile.Continue = first > 0;
        var rowTiles = Product.Tiles<TLanes>(_inputs);
        for (var point = 0; point < WinogradTiles<TTile, TLoads>.Points; point++)
        {
            for (var i = 0; i < rowTiles; i++)
            {
                var row = i * _inputs / rowTiles;
                tile.A = InputPoints + (point * InputStride) + row;
                for (var channel = 0; channel < _outputs; channel += TLanes.Count)
                {
                    tile.B = OutputPoints + (point * OutputStride) + channel;
                    tile.C = Sums + (((point * _inputs) + row) * _outputs) + channel;
                    OuterProduct.Accumulate<TLanes>(((i + 1) * _inputs / rowTiles) - row, &tile);
                }
            }
        }
    }
}
