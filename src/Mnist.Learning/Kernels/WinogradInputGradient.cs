using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Input gradient of a convolution with 3×3 kernels by Winograd's minimal filtering, transposed.</summary>
/// <remarks>
/// The points of a tile are n[point, ci] = Σ (A dout Aᵀ)[point, co] · (G g Gᵀ)[point, ci, co], one chain of fused multiply-adds over co
/// from +0; B n Bᵀ is what the tile adds to the pixels that it reaches, in the order of the tiles, from +0.
/// </remarks>
/// <typeparam name="TTile">Size of a tile of outputs.</typeparam>
/// <typeparam name="TLanes">Sixteen lanes, best for products.</typeparam>
/// <typeparam name="TLoads">Sixteen lanes, best for loads and additions.</typeparam>
internal sealed unsafe class WinogradInputGradient<TTile, TLanes, TLoads> : InputGradient
    where TTile : struct, IWinogradTile
    where TLanes : struct, ILanes<TLanes>
    where TLoads : struct, ILanes<TLoads>
{
    private readonly FeatureMap _outputGradient;
    private readonly FeatureMap _inputGradient;
    private readonly int _padding;
    private readonly WinogradTiles<TTile, TLoads> _tiles;
    private readonly Workspace _workspace;
    private readonly AlignedBuffer _kernels;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>Prepares the gradient.</summary>
    /// <param name="layer">Shapes of the convolution; channels are multiples of 16.</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="inputGradient">Receives (n, y, x, ci), without border.</param>
    /// <param name="workspace">For what lies between.</param>
    public WinogradInputGradient(ConvolutionLayer layer, FeatureMap outputGradient, FeatureMap inputGradient, Workspace workspace)
    {
        (_outputGradient, _inputGradient, _workspace) = (outputGradient, inputGradient, workspace);
        (_inputs, _outputs, _padding) = (layer.Input.Channels, layer.Output.Channels, layer.Padding);
        _tiles = new WinogradTiles<TTile, TLoads>(layer);
        var points = WinogradTiles<TTile, TLoads>.Points;
        _kernels = new AlignedBuffer(points * _inputs * _outputs);
        workspace.Reserve(WinogradTiles<TTile, TLoads>.SquareLength + (points * ((long)InputStride + OutputStride)));
    }

    private int InputStride => WinogradTiles<TTile, TLoads>.PointStride(_inputs);

    private int OutputStride => WinogradTiles<TTile, TLoads>.PointStride(_outputs);

    private float* Patch => _workspace.Data;

    private float* OutputPoints => Patch + WinogradTiles<TTile, TLoads>.SquareLength;

    private float* InputPoints => OutputPoints + (WinogradTiles<TTile, TLoads>.Points * OutputStride);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(ReadOnlySpan<float> weight)
    {
        // weight is (ky, kx, ci, co), packed is (point, ci / lanes, co, lanes)
        nint tap = _inputs * _outputs;
        fixed (float* kernels = weight)
        {
            for (var ci = 0; ci < _inputs; ci++)
            {
                var lane = _kernels.Data + (ci / TLanes.Count * TLanes.Count * _outputs) + (ci % TLanes.Count);
                for (var channel = 0; channel < _outputs; channel += TLoads.Count)
                {
                    TTile.Kernel<TLoads>(
                        kernels + (ci * _outputs) + channel, 3 * tap, tap, Patch, TTile.Points * TLoads.Count, TLoads.Count);
                    for (var point = 0; point < WinogradTiles<TTile, TLoads>.Points; point++)
                    {
                        var to = lane + (point * tap) + (channel * TLanes.Count);
                        for (var i = 0; i < TLoads.Count; i++)
                        {
                            to[i * TLanes.Count] = Patch[(point * TLoads.Count) + i];
                        }
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples)
    {
        new Span<float>(_inputGradient.Data, samples * _inputGradient.SampleStride).Clear();
        for (var first = 0; first < samples * _tiles.PerSample; first += WinogradTiles<TTile, TLoads>.AtATime)
        {
            var count = Math.Min(WinogradTiles<TTile, TLoads>.AtATime, (samples * _tiles.PerSample) - first);
            _tiles.TransformOutputGradients(_outputGradient, first, count, OutputPoints);
            WinogradTiles<TTile, TLoads>.Multiply<TLanes>(count, OutputPoints, _outputs, _kernels.Data, InputPoints, _inputs);
            AddInputs(first, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddInputs(int first, int count)
    {
        var patch = Patch;
        var points = InputPoints;
        var shape = _inputGradient.Shape;
        nint stride = InputStride;
        for (var tile = 0; tile < count; tile++)
        {
            var (sample, y, x) = _tiles.Locate(first + tile);
            var (top, left) = (y - _padding, x - _padding);
            var (firstRow, firstColumn) = (Math.Max(0, -top), Math.Max(0, -left));
            var lastRow = Math.Min(TTile.Points, shape.Height - top);
            var lastColumn = Math.Min(TTile.Points, shape.Width - left);
            var pixels = _inputGradient.Data + ((nint)sample * _inputGradient.SampleStride)
                + ((nint)top * _inputGradient.RowStride) + ((nint)left * _inputs);
            for (var channel = 0; channel < _inputs; channel += TLoads.Count)
            {
                TTile.InputGradient<TLoads>(
                    points + channel, TTile.Points * stride, stride,
                    patch, TTile.Points * TLoads.Count, TLoads.Count);
                for (var row = firstRow; row < lastRow; row++)
                {
                    var from = patch + (((row * TTile.Points) + firstColumn) * TLoads.Count);
                    var to = pixels + ((nint)row * _inputGradient.RowStride) + ((nint)firstColumn * _inputs) + channel;
                    for (var column = firstColumn; column < lastColumn; column++)
                    {
                        TLoads.Store(TLoads.Add(TLoads.Load(to), TLoads.Load(from)), to);
                        from += TLoads.Count;
                        to += _inputs;
                    }
                }
            }

            points += _inputs;
        }
    }
}
