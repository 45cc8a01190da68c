namespace Mnist.Coordinator.Service;

/// <summary>Where a run stands in its life.</summary>
public enum RunPhase
{
    /// <summary>Waits until there is capacity.</summary>
    Queued,

    /// <summary>Is being trained.</summary>
    Running,

    /// <summary>Stopped with a checkpoint; can be resumed.</summary>
    Paused,

    /// <summary>Trained to the end.</summary>
    Completed,

    /// <summary>Ended by an error; can be resumed where the error was not of its own making.</summary>
    Failed,

    /// <summary>Ended on request, for good.</summary>
    Cancelled,
}
