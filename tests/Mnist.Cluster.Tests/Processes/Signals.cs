namespace Mnist.Cluster.Tests.Processes;

/// <summary>Numbers of signals on Linux (signal(7)).</summary>
internal static class Signals
{
    /// <summary>Ends a process at once.</summary>
    public const int Kill = 9;

    /// <summary>Asks a process to end.</summary>
    public const int Term = 15;

    /// <summary>Lets a process that stands still go on.</summary>
    public const int Cont = 18;

    /// <summary>Makes a process stand still.</summary>
    public const int Stop = 19;
}
