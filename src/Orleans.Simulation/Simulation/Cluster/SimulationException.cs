namespace Orleans.Simulation;

/// <summary>A simulated run cannot go on, or did not come to the end that was asked for.</summary>
public class SimulationException : Exception
{
    /// <summary>Makes an exception.</summary>
    public SimulationException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public SimulationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public SimulationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Something reached the simulation from another thread: grain code left its scheduler, and so the run depends on real time. The message
/// names the grain, the method that was to continue and the stack of the foreign thread.
/// </summary>
public sealed class ForeignThreadException : SimulationException
{
    /// <summary>Makes an exception.</summary>
    public ForeignThreadException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public ForeignThreadException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public ForeignThreadException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
