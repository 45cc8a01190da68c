using System.Runtime.CompilerServices;
using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>Outputs of a convolution with 3×3 kernels by Winograd's minimal filtering.</summary>
/// <remarks>
/// The points of a tile of outputs are m[point, co] = Σ (Bᵀ d B)[point, ci] · (G g Gᵀ)[point, ci, co], one chain of fused multiply-adds
/// over ci from +0; the outputs are Aᵀ m A, plus the bias or +0.
/// </remarks>
/// <typeparam name="TTile">Size of a tile of outputs; 2×2 where they are pooled.</typeparam>
/// <typeparam name="TLanes">Sixteen lanes, best for products.</typeparam>
/// <typeparam name="TLoads">Sixteen lanes, best for loads and additions.</typeparam>
/// <typeparam name="TNarrow">Eight lanes.</typeparam>
internal sealed unsafe class WinogradForward<TTile, TLanes, TLoads, TNarrow> : ConvolutionForward
    where TTile : struct, IWinogradTile
    where TLanes : struct, ILanes<TLanes>
    where TLoads : struct, ILanes<TLoads>
    where TNarrow : struct, ILanes<TNarrow>
{
    private readonly FeatureMap _input;
    private readonly FeatureMap _output;
    private readonly WinogradTiles<TTile, TLoads> _tiles;
    private readonly Workspace _workspace;
    private readonly AlignedBuffer _kernels;
    private readonly AlignedBuffer _initial;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>Prepares the convolution.</summary>
    /// <param name="layer">Its shapes; input channels are a multiple of 8, output channels of 16.</param>
    /// <param name="input">(n, y, x, ci), with a border as wide as the padding.</param>
    /// <param name="output">(n, y, x, co), or (n, y/2, x/2, co) when it is pooled.</param>
    /// <param name="workspace">For what lies between.</param>
    public WinogradForward(ConvolutionLayer layer, FeatureMap input, FeatureMap output, Workspace workspace)
    {
        (_input, _output, _workspace) = (input, output, workspace);
        (_inputs, _outputs) = (layer.Input.Channels, layer.Output.Channels);
        _tiles = new WinogradTiles<TTile, TLoads>(layer);
        var points = WinogradTiles<TTile, TLoads>.Points;
        _kernels = new AlignedBuffer(points * _inputs * _outputs);
        _initial = new AlignedBuffer(_outputs);
        workspace.Reserve(WinogradTiles<TTile, TLoads>.SquareLength + (points * ((long)InputStride + OutputStride)));
    }

    private int InputStride => WinogradTiles<TTile, TLoads>.PointStride(_inputs);

    private int OutputStride => WinogradTiles<TTile, TLoads>.PointStride(_outputs);

    private float* Window => _workspace.Data;

    private float* InputPoints => Window + WinogradTiles<TTile, TLoads>.SquareLength;

    private float* OutputPoints => InputPoints + (WinogradTiles<TTile, TLoads>.Points * InputStride);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        // weight is (ky, kx, ci, co), packed is (point, co / lanes, ci, lanes)
        nint tap = _inputs * _outputs;
        fixed (float* kernels = weight)
        {
            for (var channel = 0; channel < _outputs; channel += TLanes.Count)
            {
                for (var ci = 0; ci < _inputs; ci++)
                {
                    TTile.Kernel<TLoads>(
                        kernels + (ci * _outputs) + channel, 3 * tap, tap,
                        _kernels.Data + (channel * _inputs) + (ci * TLanes.Count), TTile.Points * tap, tap);
                }
            }
        }

        bias.CopyTo(_initial.Span);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int samples)
    {
        for (var first = 0; first < samples * _tiles.PerSample; first += WinogradTiles<TTile, TLoads>.AtATime)
        {
            WriteOutputs(first, Multiply(first, samples));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RunPooled(int samples, FeatureMap winners, ReadOnlySpan<int> windowOffsets)
    {
        for (var first = 0; first < samples * _tiles.PerSample; first += WinogradTiles<TTile, TLoads>.AtATime)
        {
            PoolOutputs(first, Multiply(first, samples), winners, windowOffsets);
        }
    }

    /// <summary>Computes the points of tiles; returns how many tiles.</summary>
    private int Multiply(int first, int samples)
    {
        var count = Math.Min(WinogradTiles<TTile, TLoads>.AtATime, (samples * _tiles.PerSample) - first);
        if (_inputs % TLoads.Count == 0)
        {
            _tiles.TransformInputs<TLoads>(_input, first, count, InputPoints);
        }
        else
        {
            _tiles.TransformInputs<TNarrow>(_input, first, count, InputPoints);
        }

        WinogradTiles<TTile, TLoads>.Multiply<TLanes>(count, InputPoints, _inputs, _kernels.Data, OutputPoints, _outputs);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteOutputs(int first, int count)
    {
        var window = Window;
        var points = OutputPoints;
        nint stride = OutputStride;
        for (var tile = 0; tile < count; tile++)
        {
            var (sample, y, x) = _tiles.Locate(first + tile);
            var to = _output.Interior + ((nint)sample * _output.SampleStride) + (y * _output.RowStride) + (x * _outputs);
            for (var channel = 0; channel < _outputs; channel += TLoads.Count)
            {
                var from = window;
                TTile.Output<TLoads>(
                    points + channel, TTile.Points * stride, stride, from, TTile.Outputs * TLoads.Count, TLoads.Count);
                var initial = TLoads.Load(_initial.Data + channel);
                for (var row = 0; row < TTile.Outputs; row++)
                {
                    for (var column = 0; column < TTile.Outputs; column++)
                    {
                        TLoads.Store(
                            TLoads.Add(TLoads.Load(from), initial), to + (row * _output.RowStride) + (column * _outputs) + channel);
                        from += TLoads.Count;
                    }
                }
            }

            points += _outputs;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PoolOutputs(int first, int count, FeatureMap winners, ReadOnlySpan<int> windowOffsets)
    {
        var window = Window;
        var points = OutputPoints;
        nint stride = OutputStride;
        for (var tile = 0; tile < count; tile++)
        {
            var (sample, y, x) = _tiles.Locate(first + tile);
            var offset = ((nint)sample * _output.SampleStride) + (y / 2 * _output.RowStride) + (x / 2 * _outputs);
            for (var channel = 0; channel < _outputs; channel += TLoads.Count)
            {
                var outputs = window;
                TTile.Output<TLoads>(
                    points + channel, TTile.Points * stride, stride, outputs, TTile.Outputs * TLoads.Count, TLoads.Count);
                var initial = TLoads.Load(_initial.Data + channel);
                MaxPooling.Select(
                    TLoads.Add(TLoads.Load(outputs), initial),
                    TLoads.Add(TLoads.Load(outputs + TLoads.Count), initial),
                    TLoads.Add(TLoads.Load(outputs + (2 * TLoads.Count)), initial),
                    TLoads.Add(TLoads.Load(outputs + (3 * TLoads.Count)), initial),
                    windowOffsets,
                    _output.Data + offset + channel,
                    winners.Data + offset + channel);
            }

            points += _outputs;
        }
    }
}
