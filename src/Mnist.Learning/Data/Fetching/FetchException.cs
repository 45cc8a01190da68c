namespace Mnist.Learning.Data.Fetching;

/// <summary>An origin cannot provide the files. The message is a short reason, without the origin's name.</summary>
public sealed class FetchException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The reason, one line.</param>
    public FetchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error from its cause.</summary>
    /// <param name="message">The reason, one line.</param>
    /// <param name="innerException">The failure underneath.</param>
    public FetchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
