namespace Mnist.Learning.Kernels;

/// <summary>
/// Memory that the kernels of an engine use in turn for what none of them keeps, so that it stays in the cache. They reserve it when
/// they are made.
/// </summary>
internal sealed unsafe class Workspace
{
    private AlignedBuffer _buffer = new(0);

    /// <summary>The first float. Valid until the next <see cref="Reserve"/>.</summary>
    public float* Data => _buffer.Data;

    /// <summary>Makes sure that there is room.</summary>
    /// <param name="length">Number of floats.</param>
    public void Reserve(long length)
    {
        if (length > _buffer.Length)
        {
            _buffer = new AlignedBuffer(length);
        }
    }
}
