using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Plain loops that define what <see cref="WinogradForward{TTile, TLanes, TLoads, TNarrow}"/> and the gradients compute, to the bit. A
/// matrix times a column is the sum of coefficient · element over the coefficients other than 0, from left to right: the first product,
/// then fused multiply-adds. Squares are transformed along y, then along x.
/// </summary>
internal sealed class WinogradReference
{
    private static readonly float[,] Input2 = { { 1, 0, -1, 0 }, { 0, 1, 1, 0 }, { 0, -1, 1, 0 }, { 0, -1, 0, 1 } };
    private static readonly float[,] Output2 = { { 1, 1, 1, 0 }, { 0, 1, -1, 1 } };
    private static readonly float[,] Kernel2 = { { 1, 0, 0 }, { 0.5f, 0.5f, 0.5f }, { 0.5f, -0.5f, 0.5f }, { 0, 0, 1 } };

    private static readonly float[,] Input3 =
    {
        { 0.5f, -1, -0.5f, 1, 0 }, { 0, -0.5f, 0.5f, 1, 0 }, { 0, 0.5f, -1.5f, 1, 0 }, { 0, -1, 0, 1, 0 }, { 0, 0.5f, -1, -0.5f, 1 },
    };

    private static readonly float[,] Output3 = { { 1, 1, 1, 1, 0 }, { 0, 1, -1, 0.5f, 0 }, { 0, 1, 1, 0.25f, 1 } };

    private static readonly float[,] Kernel3 =
    {
        { 2, 0, 0 }, { 1, 1, 1 }, { -1f / 3f, 1f / 3f, -1f / 3f }, { -8f / 3f, -4f / 3f, -2f / 3f }, { 0, 0, 1 },
    };

    private readonly ConvolutionLayer _layer;
    private readonly int _size;
    private readonly float[,] _input;
    private readonly float[,] _output;
    private readonly float[,] _kernel;

    /// <summary>Prepares a convolution.</summary>
    /// <param name="layer">Shapes.</param>
    /// <param name="tileSize">See <see cref="Winograd.TileSize"/>.</param>
    public WinogradReference(ConvolutionLayer layer, int tileSize)
    {
        (_layer, _size) = (layer, tileSize);
        (_input, _output, _kernel) = tileSize == 2 ? (Input2, Output2, Kernel2) : (Input3, Output3, Kernel3);
    }

    private int Points => _size + 2;

    /// <summary>out = Aᵀ[Σ over ci of (G g Gᵀ) ⊙ (Bᵀ d B)]A + bias, tile by tile.</summary>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, ci).</param>
    /// <param name="weight">(ky, kx, ci, co).</param>
    /// <param name="bias">(co), or empty for 0.</param>
    /// <param name="output">Receives (n, y, x, co).</param>
    public void Forward(int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output)
    {
        var kernels = KernelPoints(weight);
        foreach (var (n, y, x) in Tiles(samples))
        {
            var patches = Patches(input, n, y, x);
            for (var co = 0; co < _layer.Output.Channels; co++)
            {
                var points = new float[Points, Points];
                for (var ci = 0; ci < _layer.Input.Channels; ci++)
                {
                    Accumulate(patches[ci], kernels[ci, co], points);
                }

                var tile = Transform(_output, points);
                for (var i = 0; i < tile.Length; i++)
                {
                    var (row, column) = (i / _size, i % _size);
                    output[Index(_layer.Output, n, y + row, x + column, co)] = tile[row, column] + (bias.IsEmpty ? 0f : bias[co]);
                }
            }
        }
    }

    /// <summary>din = Σ over the tiles that reach a pixel of B[Σ over co of (A dout Aᵀ) ⊙ (G g Gᵀ)]Bᵀ.</summary>
    /// <param name="samples">n.</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="weight">(ky, kx, ci, co).</param>
    /// <param name="inputGradient">Receives (n, y, x, ci).</param>
    public void InputGradient(int samples, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Span<float> inputGradient)
    {
        var kernels = KernelPoints(weight);
        inputGradient.Clear();
        foreach (var (n, y, x) in Tiles(samples))
        {
            var gradients = Gradients(outputGradient, n, y, x);
            for (var ci = 0; ci < _layer.Input.Channels; ci++)
            {
                var points = new float[Points, Points];
                for (var co = 0; co < _layer.Output.Channels; co++)
                {
                    Accumulate(gradients[co], kernels[ci, co], points);
                }

                var patch = Transform(Transposed(_input), points);
                for (var i = 0; i < patch.Length; i++)
                {
                    var (row, column) = (i / Points, i % Points);
                    var (inputY, inputX) = (y + row - _layer.Padding, x + column - _layer.Padding);
                    if (IsInside(inputY, inputX))
                    {
                        inputGradient[Index(_layer.Input, n, inputY, inputX, ci)] += patch[row, column];
                    }
                }
            }
        }
    }

    /// <summary>dw = Gᵀ[Σ over the tiles of (Bᵀ d B) ⊙ (A dout Aᵀ)]G.</summary>
    /// <param name="samples">n.</param>
    /// <param name="input">(n, y, x, ci).</param>
    /// <param name="outputGradient">(n, y, x, co).</param>
    /// <param name="gradient">Receives (ky, kx, ci, co).</param>
    public void WeightGradient(int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> gradient)
    {
        var (inputs, outputs) = (_layer.Input.Channels, _layer.Output.Channels);
        var sums = new float[inputs * outputs][,];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = new float[Points, Points];
        }

        foreach (var (n, y, x) in Tiles(samples))
        {
            var (patches, gradients) = (Patches(input, n, y, x), Gradients(outputGradient, n, y, x));
            for (var i = 0; i < sums.Length; i++)
            {
                Accumulate(patches[i / outputs], gradients[i % outputs], sums[i]);
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            var kernel = Transform(Transposed(_kernel), sums[i]);
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                gradient[(tap * inputs * outputs) + i] = kernel[tap / 3, tap % 3];
            }
        }
    }

    private IEnumerable<(int N, int Y, int X)> Tiles(int samples) =>
        from n in Enumerable.Range(0, samples)
        from y in Enumerable.Range(0, _layer.Output.Height / _size)
        from x in Enumerable.Range(0, _layer.Output.Width / _size)
        select (n, y * _size, x * _size);

    /// <summary>G g Gᵀ, (ci, co).</summary>
    private float[,][,] KernelPoints(ReadOnlySpan<float> weight)
    {
        var (inputs, outputs) = (_layer.Input.Channels, _layer.Output.Channels);
        var kernels = new float[inputs, outputs][,];
        for (var i = 0; i < inputs * outputs; i++)
        {
            var kernel = new float[3, 3];
            for (var tap = 0; tap < kernel.Length; tap++)
            {
                kernel[tap / 3, tap % 3] = weight[(tap * inputs * outputs) + i];
            }

            kernels[i / outputs, i % outputs] = Transform(_kernel, kernel);
        }

        return kernels;
    }

    /// <summary>Bᵀ d B of a tile, (ci).</summary>
    private float[][,] Patches(ReadOnlySpan<float> input, int n, int y, int x)
    {
        var patches = new float[_layer.Input.Channels][,];
        for (var ci = 0; ci < patches.Length; ci++)
        {
            var patch = new float[Points, Points];
            for (var i = 0; i < patch.Length; i++)
            {
                var (inputY, inputX) = (y + (i / Points) - _layer.Padding, x + (i % Points) - _layer.Padding);
                patch[i / Points, i % Points] = IsInside(inputY, inputX) ? input[Index(_layer.Input, n, inputY, inputX, ci)] : 0f;
            }

            patches[ci] = Transform(_input, patch);
        }

        return patches;
    }

    /// <summary>A dout Aᵀ of a tile, (co).</summary>
    private float[][,] Gradients(ReadOnlySpan<float> outputGradient, int n, int y, int x)
    {
        var gradients = new float[_layer.Output.Channels][,];
        for (var co = 0; co < gradients.Length; co++)
        {
            var tile = new float[_size, _size];
            for (var i = 0; i < tile.Length; i++)
            {
                tile[i / _size, i % _size] = outputGradient[Index(_layer.Output, n, y + (i / _size), x + (i % _size), co)];
            }

            gradients[co] = Transform(Transposed(_output), tile);
        }

        return gradients;
    }

    private static void Accumulate(float[,] a, float[,] b, float[,] sums)
    {
        for (var i = 0; i < sums.GetLength(0); i++)
        {
            for (var j = 0; j < sums.GetLength(1); j++)
            {
                sums[i, j] = MathF.FusedMultiplyAdd(a[i, j], b[i, j], sums[i, j]);
            }
        }
    }

    /// <summary>matrix · square · matrixᵀ, along y first.</summary>
    private static float[,] Transform(float[,] matrix, float[,] square)
    {
        var (rows, columns) = (matrix.GetLength(0), matrix.GetLength(1));
        var halfway = new float[rows, columns];
        for (var i = 0; i < halfway.Length; i++)
        {
            var (row, x) = (i / columns, i % columns);
            halfway[row, x] = Sum(matrix, row, y => square[y, x]);
        }

        var result = new float[rows, rows];
        for (var i = 0; i < result.Length; i++)
        {
            var (y, row) = (i / rows, i % rows);
            result[y, row] = Sum(matrix, row, x => halfway[y, x]);
        }

        return result;
    }

    private static float Sum(float[,] matrix, int row, Func<int, float> element)
    {
        float? sum = null;
        for (var i = 0; i < matrix.GetLength(1); i++)
        {
            var coefficient = matrix[row, i];
            if (coefficient != 0f)
            {
                sum = sum is { } so ? MathF.FusedMultiplyAdd(coefficient, element(i), so) : coefficient * element(i);
            }
        }

        return sum ?? 0f;
    }

    private static float[,] Transposed(float[,] matrix)
    {
        var transposed = new float[matrix.GetLength(1), matrix.GetLength(0)];
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = 0; j < matrix.GetLength(1); j++)
            {
                transposed[j, i] = matrix[i, j];
            }
        }

        return transposed;
    }

    private bool IsInside(int y, int x) => (uint)y < (uint)_layer.Input.Height && (uint)x < (uint)_layer.Input.Width;

    private static int Index(MapShape shape, int n, int y, int x, int channel) =>
        (((((n * shape.Height) + y) * shape.Width) + x) * shape.Channels) + channel;
}
