using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mnist.Cluster.Tests.Processes;

/// <summary>The programs under test, and how they are run.</summary>
internal static class Programs
{
    /// <summary>Runs .NET programs.</summary>
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    /// <summary>Arguments of <see cref="Dotnet"/> for <c>mnist</c>.</summary>
    public static string[] Coordinator { get; } = ["exec", Path.Combine(AppContext.BaseDirectory, "mnist.dll")];

    /// <summary>Arguments of <see cref="Dotnet"/> for <c>mnist-silo</c>.</summary>
    public static string[] Silo { get; } = ["exec", Path.Combine(AppContext.BaseDirectory, "mnist-silo.dll")];

    /// <summary>Finds a program as a shell would, and where administrators' programs lie.</summary>
    /// <returns>Its path, or null.</returns>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>A port of this machine that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
