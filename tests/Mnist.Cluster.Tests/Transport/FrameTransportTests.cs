using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mnist.Clustering;
using Mnist.Clustering.Transport;
using Orleans.Networking.Shared;

namespace Mnist.Cluster.Tests.Transport;

public sealed class FrameTransportTests : IAsyncDisposable
{
    private const int MessageBytes = 1_000_003;
    private static readonly byte[] Message = [.. Enumerable.Range(0, MessageBytes).Select(i => (byte)(i * 31))];
    private readonly FrameTransport _transport = new(Options.Create(new SocketConnectionOptions()));
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    [Fact]
    public void It_takes_the_place_of_all_connections_that_a_silo_makes_and_accepts()
    {
        var builder = new HostApplicationBuilder();
        builder.UseOrleans(silo => FrameTransport.Use(silo.Services));

        var connections = builder.Services.Where(service =>
            service.ServiceType == typeof(IConnectionFactory) || service.ServiceType == typeof(IConnectionListenerFactory)).ToArray();
        Assert.All(connections, service => Assert.Equal(typeof(FrameTransport), service.KeyedImplementationType));

        // To other silos, from other silos, from clients.
        Assert.Equal(3, connections.DistinctBy(service => service.ServiceKey).Count());
    }

    [Fact]
    public async Task Large_messages_arrive_whole_in_both_directions_at_once()
    {
        var (near, far) = await ConnectAsync();
        byte[] down = [.. Message.Reverse()];

        var received = Task.WhenAll(ReceiveAsync(far.Transport.Input), ReceiveAsync(near.Transport.Input));
        await near.Transport.Output.WriteAsync(Message, Cancelled);
        await far.Transport.Output.WriteAsync(down, Cancelled);

        var messages = await received;
        Assert.Equal(Message, messages[0]);
        Assert.Equal(down, messages[1]);
    }

    [Fact]
    public async Task Within_a_machine_large_messages_lie_in_memory_that_both_ends_have_mapped()
    {
        SkipWithoutSharedMemory();
        var (near, far) = await ConnectAsync();
        var file = $"{SharedFile(near, far)} (deleted)";
        for (var time = 0; time < 3; time++)
        {
            var received = ReceiveAsync(far.Transport.Input);
            await near.Transport.Output.WriteAsync(Message, Cancelled);
            Assert.Equal(Message, await received);
        }

        var mapped = File.ReadLines("/proc/self/maps").Count(line => line.EndsWith(file, StringComparison.Ordinal));
        Assert.Equal(2, mapped);

        await near.Transport.Output.CompleteAsync();
        await far.Transport.Input.CompleteAsync();
        Assert.DoesNotContain(File.ReadLines("/proc/self/maps"), line => line.EndsWith(file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_nobody_reads_leaves_no_file_behind()
    {
        SkipWithoutSharedMemory();
        var (near, far) = await ConnectAsync();
        await near.Transport.Output.WriteAsync(new byte[MessageBytes / 10], Cancelled);
        var file = $"*{SharedFile(near, far)}";
        Assert.Single(Directory.GetFiles("/dev/shm", file));

        await near.DisposeAsync();

        Assert.Empty(Directory.GetFiles("/dev/shm", file));
    }

    [Fact]
    public async Task A_connection_that_is_aborted_ends_on_both_sides()
    {
        var (near, far) = await ConnectAsync();
        var closed = new TaskCompletionSource();
        near.ConnectionClosed.Register(closed.SetResult);

        near.Abort();

        await closed.Task.WaitAsync(Cancelled);
        Assert.True(await HasEndedAsync(far.Transport.Input));
    }

    [Fact]
    public async Task A_read_and_a_write_that_wait_can_be_cancelled()
    {
        var (near, _) = await ConnectAsync();
        var read = near.Transport.Input.ReadAsync(Cancelled);
        var write = WriteUntilRefusedAsync(near.Transport.Output);

        near.Transport.Input.CancelPendingRead();
        Assert.True((await read).IsCanceled);

        // What fills the buffers of both sockets is taken in before the write has to wait.
        while (!write.IsCompleted)
        {
            near.Transport.Output.CancelPendingFlush();
            await Task.Yield();
        }

        Assert.True((await write).IsCanceled);
    }

    [Fact]
    public async Task A_listener_that_is_closed_accepts_nobody()
    {
        var listener = await ListenAsync();
        var accepted = listener.AcceptAsync(Cancelled);

        await listener.UnbindAsync(Cancelled);

        Assert.Null(await accepted);
        await Assert.ThrowsAsync<SocketException>(async () => await _transport.ConnectAsync(listener.EndPoint, Cancelled));
    }

    [Fact]
    public async Task Two_silos_do_not_share_a_port()
    {
        var listener = await ListenAsync();

        var refusal = await Assert.ThrowsAsync<AddressInUseException>(async () => await _transport.BindAsync(listener.EndPoint, Cancelled));

        Assert.Contains($"{listener.EndPoint}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_reserved_is_taken_by_nobody_but_the_listener_that_it_is_for()
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, ReservedPorts.Reserve());
        using var other = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => other.Bind(endpoint));

        var listener = await _transport.BindAsync(endpoint, Cancelled);
        _owned.Add(listener);

        Assert.Equal(endpoint, listener.EndPoint);
    }

    private static void SkipWithoutSharedMemory() =>
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "needs Linux, where files in memory are in /dev/shm");

    /// <summary>The end of the name of what the one leaves messages for the other in.</summary>
    private static string SharedFile(ConnectionContext from, ConnectionContext to) =>
        $"-{((IPEndPoint)from.LocalEndPoint!).Port}-{((IPEndPoint)to.LocalEndPoint!).Port}";

    private static async Task<FlushResult> WriteUntilRefusedAsync(PipeWriter output)
    {
        var piece = new byte[1 << 20];
        while (true)
        {
            var result = await output.WriteAsync(piece, Cancelled);
            if (result.IsCanceled)
            {
                return result;
            }
        }
    }

    private static async Task<byte[]> ReceiveAsync(PipeReader input)
    {
        var result = await input.ReadAtLeastAsync(MessageBytes, Cancelled);
        var message = new byte[result.Buffer.Length];
        System.Buffers.BuffersExtensions.CopyTo(result.Buffer, message);
        input.AdvanceTo(result.Buffer.End);
        return message;
    }

    private static async Task<bool> HasEndedAsync(PipeReader input)
    {
        try
        {
            return (await input.ReadAsync(Cancelled)).IsCompleted;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task<IConnectionListener> ListenAsync()
    {
        var listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancelled);
        _owned.Add(listener);
        return listener;
    }

    private async Task<(ConnectionContext Near, ConnectionContext Far)> ConnectAsync()
    {
        var listener = await ListenAsync();
        var accepted = listener.AcceptAsync(Cancelled);
        var near = await _transport.ConnectAsync(listener.EndPoint, Cancelled);
        var far = (await accepted)!;
        _owned.AddRange([near, far]);
        return (near, far);
    }
}
