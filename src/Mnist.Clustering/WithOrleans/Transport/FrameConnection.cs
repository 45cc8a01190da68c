using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Mnist.Clustering.Transport;

/// <summary>
/// A TCP connection whose reader and writer use the socket themselves: whoever waits for a message takes from the socket what is
/// there, and no other thread comes in between. Within a machine, large messages lie in memory that both processes have.
/// </summary>
internal sealed class FrameConnection : DefaultConnectionContext
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly string? _offeredMemory;

    /// <summary>Uses a socket, which it closes.</summary>
    /// <param name="socket">A socket that is connected.</param>
    public FrameConnection(Socket socket)
        : base(Guid.NewGuid().ToString("N"))
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _offeredMemory = SharedMemoryPath.For(socket, isSending: true);
        var foundMemory = SharedMemoryPath.For(socket, isSending: false);
        Transport = new Pipes(
            new FrameReader(_stream, foundMemory is null ? null : new IncomingLane(foundMemory)),
            new FrameWriter(_stream, _offeredMemory is null ? null : new OutgoingLane(_offeredMemory)));
        (LocalEndPoint, RemoteEndPoint) = (socket.LocalEndPoint, socket.RemoteEndPoint);
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other side has closed it already.
        }

        base.Abort(abortReason);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        if (_offeredMemory is not null)
        {
            // Where the writer was not completed. The memory itself is given back by who uses it.
            SharedMemoryPath.Remove(_offeredMemory);
        }

        await base.DisposeAsync();
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
