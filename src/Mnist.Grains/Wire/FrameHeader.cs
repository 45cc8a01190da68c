namespace Mnist.Grains.Wire;

/// <summary>What a frame carries.</summary>
public enum FrameKind
{
    /// <summary>Part of the state vector, from the parameter server to the workers.</summary>
    Weights = 1,

    /// <summary>Sums of contributions over an aligned range of slices, from a worker to the parameter server.</summary>
    Contribution = 2,

    /// <summary>Class probabilities of the samples of a range of slices of an evaluation, (n, 10).</summary>
    Probabilities = 3,
}

/// <summary>Describes the elements of a frame.</summary>
/// <param name="Kind">What the frame carries.</param>
/// <param name="Codec">How the elements are encoded, <c>fp32</c>: little-endian IEEE 754 single precision.</param>
/// <param name="Run">The run that the frame belongs to.</param>
/// <param name="Step">Steps applied to the weights that the frame carries, or from which it was computed.</param>
/// <param name="FirstSlice">First slice of the range; 0 for weights.</param>
/// <param name="SliceCount">Slices in the range; 0 for weights.</param>
/// <param name="Offset">Index of the first element in the whole vector.</param>
/// <param name="Count">Number of elements.</param>
public readonly record struct FrameHeader(
    FrameKind Kind, string Codec, string Run, long Step, int FirstSlice, int SliceCount, int Offset, int Count);
