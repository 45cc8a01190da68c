namespace Mnist.Learning;

/// <summary>
/// Input from outside (a file, an option, a field) is not usable. The message is one line for the user: it names
/// the file, option or field, what was found and what was expected. Programs print it without a stack trace and
/// end with a non-zero exit code; services answer with a 4xx.
/// </summary>
public sealed class InvalidInputException : Exception
{
    /// <summary>Creates the error from a message fit for the user.</summary>
    /// <param name="message">One line: what is wrong, where, and what was expected.</param>
    public InvalidInputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error from a message fit for the user and its cause.</summary>
    /// <param name="message">One line: what is wrong, where, and what was expected.</param>
    /// <param name="innerException">The failure underneath.</param>
    public InvalidInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
