using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>Signals of Linux (signal(7)), by their numbers.</summary>
internal static class Signals
{
    /// <summary>Does nothing to a process that is there.</summary>
    public const int None = 0;

    /// <summary>Interrupts a process, as Ctrl-C does.</summary>
    public const int Int = 2;

    /// <summary>Ends a process at once.</summary>
    public const int Kill = 9;

    /// <summary>Asks a process to end.</summary>
    public const int Term = 15;

    /// <summary>Lets a process that stands still go on.</summary>
    public const int Cont = 18;

    /// <summary>Makes a process stand still.</summary>
    public const int Stop = 19;

    /// <summary>Sends a signal without a program that sends it, which would take a processor from those that are measured.</summary>
    /// <param name="process">Process id.</param>
    /// <param name="signal">One of these numbers.</param>
    public static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
        {
            var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
            throw new InvalidOperationException($"signal {signal} was not sent to process {process}: {reason}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}
