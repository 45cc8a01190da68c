using System.Runtime.CompilerServices;


namespace Mnist.Learning.Kernels;

/// <summary>A fully connected layer over a flattened map.</summary>
/// <remarks>
/// out[n, o] = b[o] + Σ in[n, i] · w[i, o], a chain over i; din[n, i] = Σ dout[n, o] · w[i, o], a chain over o;
/// dw[i, o] = Σ in[n, i] · dout[n, o], a chain over n, all of fused multiply-adds in ascending order, the latter two from
/// +0; db[o] = Σ dout[n, o], a chain of additions over n.
/// </remarks>
internal abstract unsafe class Dense
{
    /// <summary>Packs weights (in, out) and bias (out).</summary>
    public abstract void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias);

    /// <summary>Computes outputs.</summary>
    /// <param name="samples">Number of samples.</param>
    public abstract void Forward(int samples);

    /// <summary>Computes the gradient of the inputs.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="outputGradient">(n, out), lanes beyond the outputs 0.</param>
    /// <param name="inputGradient">Receives (n, in).</param>
    public abstract void InputGradient(int samples, FeatureMap outputGradient, FeatureMap inputGradient);

    /// <summary>Computes the gradients of weights and bias.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="outputGradient">(n, out), lanes beyond the outputs 0.</param>
    /// <param name="weightGradient">Receives (in, out).</param>
    /// <param name="biasGradient">Receives (out).</param>
    public abstract void WeightGradient(int samples, FeatureMap outputGradient, float* weightGradient, float* biasGradient);
}

/// <inheritdoc cref="Dense"/>
/// <typeparam name="TLanes">A vector of 16 lanes.</typeparam>
internal sealed unsafe class Dense<TLanes> : Dense
    where TLanes : struct, ILanes<TLanes>
{
    // Inputs of 16 samples and one block of weights together stay in the first-level cache.
    private const int TermsPerPass = 256;

    private readonly FeatureMap _input;
    private readonly FeatureMap _output;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _blocks;
    private readonly AlignedBuffer _weight;
    private readonly AlignedBuffer _bias;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer _tile;
    private readonly AlignedBuffer? _paddedGradient;

    /// <summary>Prepares the layer.</summary>
    /// <param name="input">(n, in).</param>
    /// <param name="output">(n, out); out is a multiple of 16, or less than 16.</param>
    public Dense(FeatureMap input, FeatureMap output)
    {
        _input = input;
        _output = output;
        _inputs = input.Shape.Length;
        _outputs = output.Shape.Length;
        _blocks = (_outputs + TLanes.Count - 1) / TLanes.Count;
        _weight = new AlignedBuffer(_blocks * BlockLength);
        _bias = new AlignedBuffer(_blocks * TLanes.Count);
        _transposed = new AlignedBuffer(_blocks * TLanes.Count * TLanes.Count);
        _tile = new AlignedBuffer(TLanes.Count * TLanes.Count);
        _paddedGradient = _outputs % TLanes.Count == 0 ? null : new AlignedBuffer(BlockLength);
    }

    private int BlockLength => _inputs * TLanes.Count;

    /// <inheritdoc/>
    public override void Pack(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        if (_paddedGradient is null)
        {
            fixed (float* from = weight)
            {
                PackWholeBlocks(from);
            }
        }
        else
        {
            for (var i = 0; i < _inputs; i++)
            {
                weight.Slice(i * _outputs, _outputs).CopyTo(_weight.Span[(i * TLanes.Count)..]);
            }
        }

        bias.CopyTo(_bias.Span);
    }

    /// <summary>Packs weights (in, out) into (out / lanes, in, lanes).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackWholeBlocks(float* weight)
    {
        for (var i = 0; i < _inputs; i++)
        {
            var to = _weight.Data + (i * TLanes.Count);
            for (var block = 0; block < _blocks; block++)
            {
                TLanes.Store(TLanes.Load(weight), to);
                weight += TLanes.Count;
                to += BlockLength;
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(int samples)
    {
        ProductTile tile;
        tile.ARow = _input.SampleStride;
        tile.ASegment = 0;
        tile.BSegment = 0;
        tile.Segments = 1;
        tile.CRow = _output.SampleStride;
        var tiles = Product.Tiles<TLanes>(samples);
        for (var i = 0; i < _inputs; i += TermsPerPass)
        {
            tile.Run = Math.Min(TermsPerPass, _inputs - i);
            for (var t = 0; t < tiles; t++)
            {
                var first = t * samples / tiles;
                var rows = ((t + 1) * samples / tiles) - first;
                tile.A = _input.Data + ((nint)first * _input.SampleStride) + i;
                for (var block = 0; block < _blocks; block++)
                {
                    tile.B = _weight.Data + (block * BlockLength) + (i * TLanes.Count);
                    tile.C = _output.Data + ((nint)first * _output.SampleStride) + (block * TLanes.Count);
                    tile.Initial = i == 0 ? _bias.Data + (block * TLanes.Count) : tile.C;
                    tile.InitialRow = i == 0 ? 0 : tile.CRow;
                    Product.Multiply<TLanes>(rows, &tile);
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void InputGradient(int samples, FeatureMap outputGradient, FeatureMap inputGradient)
    {
        // The lanes are samples: dinᵀ = w · doutᵀ reads the packed weights as they are.
        ProductTile tile;
        tile.ARow = TLanes.Count;
        tile.ASegment = BlockLength;
        tile.B = _transposed.Data;
        tile.BSegment = TLanes.Count * TLanes.Count;
        tile.Segments = _blocks;
        tile.Run = Math.Min(TLanes.Count, _outputs);
        tile.Initial = _tile.Data;
        tile.InitialRow = 0;
        tile.CRow = TLanes.Count;
        var zero = stackalloc float[TLanes.Count];
        new Span<float>(zero, TLanes.Count).Clear();
        tile.Initial = zero;
        tile.C = _tile.Data;
        var tiles = Product.Tiles<TLanes>(_inputs);
        for (var sample = 0; sample < samples; sample += TLanes.Count)
        {
            var lanes = Math.Min(TLanes.Count, samples - sample);
            Transpose(outputGradient.Data + ((nint)sample * outputGradient.SampleStride), outputGradient.SampleStride, lanes);
            for (var t = 0; t < tiles; t++)
            {
                var first = (int)((long)t * _inputs / tiles);
                var rows = (int)((t + 1L) * _inputs / tiles) - first;
                tile.A = _weight.Data + (first * TLanes.Count);
                Product.Multiply<TLanes>(rows, &tile);
                var to = inputGradient.Data + ((nint)sample * inputGradient.SampleStride) + first;
                for (var lane = 0; lane < lanes; lane++)
                {
                    for (var row = 0; row < rows; row++)
                    {
                        to[row] = _tile.Data[(row * TLanes.Count) + lane];
                    }

                    to += inputGradient.SampleStride;
                }
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WeightGradient(int samples, FeatureMap outputGradient, float* weightGradient, float* biasGradient)
    {
        OuterProductTile tile;
        tile.APixel = _input.SampleStride;
        tile.ARow = 0;
        tile.ASample = 0;
        tile.BPixel = outputGradient.SampleStride;
        tile.BRow = 0;
        tile.BSample = 0;
        tile.Samples = 1;
        tile.Height = 1;
        tile.Width = samples;
        tile.Continue = false;
        var destination = _paddedGradient is null ? weightGradient : _paddedGradient.Data;
        tile.CRow = _blocks * TLanes.Count;
        var tiles = Product.Tiles<TLanes>(_inputs);
        for (var t = 0; t < tiles; t++)
        {
            var first = (int)((long)t * _inputs / tiles);
            var rows = (int)((t + 1L) * _inputs / tiles) - first;
            tile.A = _input.Data + first;
            for (var block = 0; block < _blocks; block++)
            {
                tile.B = outputGradient.Data + (block * TLanes.Count);
                tile.C = destination + (first * tile.CRow) + (block * TLanes.Count);
                OuterProduct.Accumulate<TLanes>(rows, &tile);
            }
        }

        for (var i = 0; _paddedGradient is not null && i < _inputs; i++)
        {
            _paddedGradient.Span.Slice(i * TLanes.Count, _outputs).CopyTo(new Span<float>(weightGradient + (i * _outputs), _outputs));
        }

        new Span<float>(biasGradient, _outputs).Clear();
        for (var sample = 0; sample < samples; sample++)
        {
            var dout = outputGradient.Data + ((nint)sample * outputGradient.SampleStride);
            for (var o = 0; o < _outputs; o++)
            {
                biasGradient[o] += dout[o];
            }
        }
    }

    /// <summary>Up to a vector of samples' gradients (n, out) to (out, lanes), missing samples 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(float* gradient, nint stride, int samples)
    {
        for (var o = 0; o < _outputs; o++)
        {
            for (var lane = 0; lane < TLanes.Count; lane++)
            {
                _transposed.Data[(o * TLanes.Count) + lane] = lane < samples ? gradient[(lane * stride) + o] : 0f;
            }
        }
    }
}
