using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Mnist.Clustering.Transport;

/// <summary>Accepts connections of <see cref="FrameTransport"/>.</summary>
/// <param name="socket">A socket that listens.</param>
/// <param name="configure">Sets the options of the sockets that it accepts.</param>
internal sealed class FrameListener(Socket socket, Action<Socket> configure) : IConnectionListener
{
    /// <inheritdoc/>
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                configure(accepted);
                return new FrameConnection(accepted);
            }
            catch (Exception exception) when (
                exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                // The listener was closed.
                return null;
            }
            catch (SocketException)
            {
                // Whoever had connected is gone again.
                accepted?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
