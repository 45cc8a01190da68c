using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>A run cannot do what was asked. The message is one line for the user.</summary>
[GenerateSerializer, Alias("mnist.RunRejectedException")]
public sealed class RunRejectedException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: what is wrong and what was expected.</param>
    public RunRejectedException(string message)
        : base(message)
    {
    }
}
