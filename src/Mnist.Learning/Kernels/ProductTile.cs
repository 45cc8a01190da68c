namespace Mnist.Learning.Kernels;

/// <summary>
/// A tile of a matrix product, C = initial + A·B. C and A have up to <see cref="Product.MaxRows{TLanes}"/> rows, C and B as many
/// columns as a vector has lanes. The summed index runs over segments: consecutive within one, with a jump to the next,
/// as the taps of a kernel lie in an image.
/// </summary>
internal unsafe struct ProductTile
{
    /// <summary>A, (rows, segments, run).</summary>
    public float* A;

    /// <summary>Floats between rows of A.</summary>
    public nint ARow;

    /// <summary>Floats between segments of A.</summary>
    public nint ASegment;

    /// <summary>B, (segments, run, lanes).</summary>
    public float* B;

    /// <summary>Floats between segments of B.</summary>
    public nint BSegment;

    /// <summary>Number of segments.</summary>
    public int Segments;

    /// <summary>Terms in a segment.</summary>
    public int Run;

    /// <summary>What the sums start from, (rows, lanes).</summary>
    public float* Initial;

    /// <summary>Floats between rows of <see cref="Initial"/>; 0 starts all rows from the same values.</summary>
    public nint InitialRow;

    /// <summary>C, (rows, lanes).</summary>
    public float* C;

    /// <summary>Floats between rows of C.</summary>
    public nint CRow;
}
