namespace Mnist.Grains.Compute;

/// <summary>Runs the computing of one worker, one job at a time, away from the grain scheduler.</summary>
public interface IComputeLane : IDisposable
{
    /// <summary>Runs a job piece by piece. Awaiting the task brings the caller back to its own scheduler.</summary>
    /// <param name="pieces">Number of pieces.</param>
    /// <param name="compute">Computes the piece of an index; what it throws faults the task.</param>
    /// <param name="cancellationToken">Checked before each piece.</param>
    /// <returns>How long the pieces took to compute.</returns>
    Task<TimeSpan> RunAsync(int pieces, Action<int> compute, CancellationToken cancellationToken);
}

/// <summary>Makes compute lanes: threads in production, virtual time in simulation.</summary>
public interface IComputeLaneFactory
{
    /// <summary>Makes a lane for a worker.</summary>
    /// <param name="name">For people: shown as the name of the thread.</param>
    IComputeLane Create(string name);
}
