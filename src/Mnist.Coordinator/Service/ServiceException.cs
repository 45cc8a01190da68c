namespace Mnist.Coordinator.Service;

/// <summary>Why the service does not do what was asked, besides wrong input.</summary>
public enum ServiceProblem
{
    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>It does not fit the state that things are in.</summary>
    Conflict,

    /// <summary>It would be too much at once.</summary>
    TooMany,

    /// <summary>It cannot be done at the moment.</summary>
    Unavailable,
}

/// <summary>The service does not do what was asked. The message is one line for the user.</summary>
/// <param name="problem">Why.</param>
/// <param name="message">One line: what is wrong and what was expected.</param>
/// <param name="cause">What led here.</param>
public sealed class ServiceException(ServiceProblem problem, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public ServiceProblem Problem { get; } = problem;
}
