namespace Mnist.Grains.Protocol;

/// <summary>What a worker is told to do.</summary>
/// <param name="Worker">Index of the worker.</param>
/// <param name="Slices">Slices to compute, ascending; empty to wait.</param>
/// <param name="Speculative">True when somebody else was to compute them and is late.</param>
/// <param name="Reason">Why, for people.</param>
public readonly record struct WorkDecision(int Worker, int[] Slices, bool Speculative, string Reason)
{
    /// <summary>True when the worker has nothing to do for now.</summary>
    public bool IsWait => Slices.Length == 0;
}
