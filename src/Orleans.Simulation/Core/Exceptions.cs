namespace Orleans.Runtime;

/// <summary>Base of the runtime's exceptions.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>Makes an exception.</summary>
    public OrleansException()
        : base("Unexpected error.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A request was not processed.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The silo that should process a request is gone or going.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Makes an exception.</summary>
    public SiloUnavailableException()
        : base("Silo unavailable")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">What is wrong.</param>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The configuration makes no sense.</summary>
[GenerateSerializer]
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The grain no longer knows an enumeration: it was deactivated, or nobody asked for the next element for too long.</summary>
[GenerateSerializer]
public sealed class EnumerationAbortedException : Exception
{
    /// <summary>Makes an exception.</summary>
    public EnumerationAbortedException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public EnumerationAbortedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Its cause.</param>
    public EnumerationAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
