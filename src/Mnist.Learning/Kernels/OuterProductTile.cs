namespace Mnist.Learning.Kernels;

/// <summary>
/// A tile of a sum of outer products, C = initial + Σ aᵀ·b, over the pixels of some samples. The rows of C are consecutive
/// elements of a, its columns as many elements of b as a vector has lanes.
/// </summary>
internal unsafe struct OuterProductTile
{
    /// <summary>The first row's factor for the first pixel.</summary>
    public float* A;

    /// <summary>Floats between pixels of A.</summary>
    public nint APixel;

    /// <summary>Floats between rows of pixels of A.</summary>
    public nint ARow;

    /// <summary>Floats between samples of A.</summary>
    public nint ASample;

    /// <summary>The first lane's factor for the first pixel.</summary>
    public float* B;

    /// <summary>Floats between pixels of B.</summary>
    public nint BPixel;

    /// <summary>Floats between rows of pixels of B.</summary>
    public nint BRow;

    /// <summary>Floats between samples of B.</summary>
    public nint BSample;

    /// <summary>Number of samples.</summary>
    public int Samples;

    /// <summary>Rows of pixels of a sample.</summary>
    public int Height;

    /// <summary>Pixels of a row.</summary>
    public int Width;

    /// <summary>C, (rows, lanes).</summary>
    public float* C;

    /// <summary>Floats between rows of C.</summary>
    public nint CRow;

    /// <summary>Go on with the sums in C; else start from +0.</summary>
    public bool Continue;
}
