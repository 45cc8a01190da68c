using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mnist.AppHost;

/// <summary>Asks processes to end in good order. .NET itself can only end them at once.</summary>
internal static class Termination
{
    /// <summary>SIGTERM (signal(7)), the same number on every Unix.</summary>
    private const int Term = 15;

    /// <summary>Sends SIGTERM. Not on Windows, which has no signals.</summary>
    /// <param name="process">The process.</param>
    /// <exception cref="Win32Exception">There is no such process any more, or it is somebody else's.</exception>
    public static void Request(Process process)
    {
        if (SendSignal(process.Id, Term) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}
