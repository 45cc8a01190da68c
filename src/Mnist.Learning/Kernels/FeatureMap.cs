using Mnist.Learning.Models;

namespace Mnist.Learning.Kernels;

/// <summary>
/// Activations of a batch, (sample, y, x, channel), with <see cref="Border"/> rows and columns of zeros around every sample
/// that a padded convolution reads and nobody writes.
/// </summary>
internal sealed unsafe class FeatureMap
{
    private readonly AlignedBuffer _buffer;

    /// <summary>Reserves the memory.</summary>
    /// <param name="shape">Extents of one sample, without the border.</param>
    /// <param name="capacity">Number of samples.</param>
    /// <param name="border">Rows and columns of zeros on each side.</param>
    public FeatureMap(MapShape shape, int capacity, int border = 0)
    {
        Shape = shape;
        Border = border;
        RowStride = (shape.Width + (2 * border)) * shape.Channels;
        SampleStride = AlignedBuffer.SampleStride((shape.Height + (2 * border)) * RowStride);
        _buffer = new AlignedBuffer((long)SampleStride * capacity);
    }

    /// <summary>Extents of one sample, without the border.</summary>
    public MapShape Shape { get; }

    /// <summary>Rows and columns of zeros on each side.</summary>
    public int Border { get; }

    /// <summary>Floats from a pixel to the one below it.</summary>
    public int RowStride { get; }

    /// <summary>Floats from a sample to the next one.</summary>
    public int SampleStride { get; }

    /// <summary>First element of the first sample's border, or of its interior where there is no border.</summary>
    public float* Data => _buffer.Data;

    /// <summary>First element of the first sample's interior.</summary>
    public float* Interior => _buffer.Data + (Border * (RowStride + Shape.Channels));
}
