using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mnist.Grains;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>The programs under test, and how they are run.</summary>
internal static class Programs
{
    /// <summary>Runs .NET programs.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>Arguments of <see cref="Dotnet"/> for <c>mnist</c>.</summary>
    /// <remarks>With the silo's choice of frameworks: what these hold is not in the folder that the two programs share here.</remarks>
    public static string[] Coordinator { get; } = ["exec", "--runtimeconfig", Built("mnist-silo.runtimeconfig.json"), Built("mnist.dll")];

    /// <summary>Arguments of <see cref="Dotnet"/> for <c>mnist-silo</c>.</summary>
    public static string[] Silo { get; } = ["exec", Built("mnist-silo.dll")];

    /// <summary>Finds a program as a shell would, and where administrators' programs lie.</summary>
    /// <returns>Its path, or null.</returns>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string Built(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>Skips a test of silo processes where there are none.</summary>
    /// <remarks>Nothing is disposed of whose test's constructor throws: to be called before that makes anything.</remarks>
    public static void SkipWithoutSilos() => Assert.SkipUnless(
        Edition.Name == "Cluster", "the Embedded edition is one process: Microsoft.Orleans.Server could not be restored");

    /// <summary>Skips a test of what only root may do.</summary>
    public static void SkipUnlessRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    /// <summary>A port of this machine that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
