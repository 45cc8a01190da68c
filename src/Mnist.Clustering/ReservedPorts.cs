using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Mnist.Clustering;

/// <summary>
/// Ports that this process is going to listen at, kept for it until then. A silo chooses its ports long before, and every connection of
/// other programs takes one of the same range meanwhile.
/// </summary>
internal static class ReservedPorts
{
    private static readonly ConcurrentDictionary<int, TcpListener> Reserved = new();

    /// <summary>Reserves a port that is free on all addresses of this machine.</summary>
    /// <returns>The port.</returns>
    public static int Reserve()
    {
        var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Reserved[port] = listener;
        return port;
    }

    /// <summary>Frees a port, to be listened at in the next moment; one that was not reserved stays as it is.</summary>
    /// <param name="port">The port.</param>
    public static void Free(int port)
    {
        if (Reserved.TryRemove(port, out var listener))
        {
            listener.Dispose();
        }
    }
}
