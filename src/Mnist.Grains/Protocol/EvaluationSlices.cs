namespace Mnist.Grains.Protocol;

/// <summary>How the samples of an evaluation are cut into slices.</summary>
public static class EvaluationSlices
{
    /// <summary>The samples of a slice: contiguous, and as many as in any other slice, to one sample.</summary>
    /// <param name="samples">Samples that are evaluated.</param>
    /// <param name="slice">Index of the slice.</param>
    /// <param name="slices">Number of slices.</param>
    public static (int First, int Count) Of(int samples, int slice, int slices)
    {
        var first = (int)((long)samples * slice / slices);
        return (first, (int)((long)samples * (slice + 1) / slices) - first);
    }
}
