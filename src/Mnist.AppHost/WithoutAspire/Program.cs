using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Mnist.AppHost;

// The same command shows a working dashboard where Aspire, or Orleans, is not to be had: one process instead of several.
Console.WriteLine(
    "Aspire or Orleans could not be restored when this was built (artifacts/editions says why): "
    + "the coordinator serves and trains in one process instead, at");
var library = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(part => part.Key == "Coordinator").Value!;
var program = Path.ChangeExtension(library, OperatingSystem.IsWindows() ? "exe" : null);
using var coordinator = Process.Start(new ProcessStartInfo(program, ["serve", .. args]))!;

// A terminal signals both processes; whoever ends this one alone means the other one.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    try
    {
        Termination.Request(coordinator);
    }
    catch (Win32Exception)
    {
        // It ended a moment ago.
    }
});
await coordinator.WaitForExitAsync();
return coordinator.ExitCode;
