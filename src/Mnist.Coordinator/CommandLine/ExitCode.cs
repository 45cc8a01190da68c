namespace Mnist.Coordinator.CommandLine;

/// <summary>Exit codes of the program; <c>--help</c> lists them.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for was done.</summary>
    public const int Success = 0;

    /// <summary>An unexpected failure.</summary>
    public const int Failure = 1;

    /// <summary>An option, a file or a folder is not usable.</summary>
    public const int BadInput = 2;

    /// <summary>Interrupted by Ctrl-C (SIGINT): 128 and the signal's number, as shells do.</summary>
    public const int Interrupted = 130;

    /// <summary>Interrupted by SIGTERM.</summary>
    public const int Terminated = 143;
}
