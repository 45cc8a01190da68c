using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Networking.Shared;

namespace Mnist.Clustering.Transport;

/// <summary>
/// TCP connections that suit frames of hundreds of kilobytes. Those that Orleans has by default take 4 kB at a time from the
/// socket, and wake a thread of the pool for each piece: on machines whose processors compute, each of these waits in line.
/// </summary>
/// <param name="options">What Orleans' own connections would obey.</param>
internal sealed class FrameTransport(IOptions<SocketConnectionOptions> options) : IConnectionFactory, IConnectionListenerFactory
{
    private const int Backlog = 512;
    private readonly SocketConnectionOptions _options = options.Value;

    /// <summary>Takes the place of Orleans' own connections, between silos and at gateways.</summary>
    /// <param name="services">A silo's services; they hold Orleans' own connections, under keys that only Orleans knows.</param>
    public static void Use(IServiceCollection services)
    {
        var standard = services.Where(service => service.IsKeyedService
            && (service.ServiceType == typeof(IConnectionFactory) || service.ServiceType == typeof(IConnectionListenerFactory)));
        foreach (var service in standard.ToArray())
        {
            services.Remove(service);
            services.AddKeyedSingleton(service.ServiceType, service.ServiceKey, typeof(FrameTransport));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = CreateSocket(endpoint);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new FrameConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // Without the option to reuse addresses, with which Orleans' own listeners of two processes share a port and each gets some of the
        // calls. A silo that is started again finds its port free all the same: .NET asks for that wherever it is safe.
        var socket = CreateSocket(endpoint);
        try
        {
            if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            ReservedPorts.Free((endpoint as IPEndPoint)?.Port ?? 0);
            socket.Bind(endpoint);
            socket.Listen(Backlog);
            return ValueTask.FromResult<IConnectionListener>(new FrameListener(socket, Configure));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException($"another program listens at {endpoint}, expected a free address and port");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket CreateSocket(EndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Configure(socket);
        return socket;
    }

    private void Configure(Socket socket)
    {
        // What is under way when a silo closes a connection is of no use to anybody any more.
        socket.LingerState = new LingerOption(true, 0);
        socket.NoDelay = _options.NoDelay;
        if (_options.KeepAlive)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, _options.KeepAliveTimeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, _options.KeepAliveIntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, _options.KeepAliveRetryCount);
        }
    }
}
