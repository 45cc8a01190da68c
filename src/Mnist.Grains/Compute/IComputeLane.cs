namespace Mnist.Grains.Compute;

/// <summary>Runs the computing of one worker, one job at a time, away from the grain scheduler.</summary>
public interface IComputeLane : IDisposable
{
    /// <summary>Runs a job. Awaiting the task brings the caller back to its own scheduler.</summary>
    /// <param name="job">The job; what it throws faults the task.</param>
    Task RunAsync(Action job);
}

/// <summary>Makes compute lanes: threads in production, virtual time in simulation.</summary>
public interface IComputeLaneFactory
{
    /// <summary>Makes a lane for a worker.</summary>
    /// <param name="name">For people: shown as the name of the thread.</param>
    IComputeLane Create(string name);
}
