using System.Buffers;
using Mnist.Clustering.Transport;
using Mnist.Coordinator.Tests.Support;

namespace Mnist.Cluster.Tests.Transport;

/// <summary>A writer and a reader that have memory in common, as the two ends of a connection within a machine.</summary>
public sealed class SharedMemoryTests : IDisposable
{
    private const int MessageBytes = 300_007;
    private readonly TemporaryFolder _folder = new();
    private readonly Wire _wire = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Lane => Path.Combine(_folder.Path, "lane");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Once_the_other_end_has_found_the_memory_one_byte_of_a_large_message_is_sent()
    {
        var (writer, reader) = Ends();
        Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(1)));
        Assert.False(File.Exists(Lane));

        Assert.Equal(1, await PassAsync(writer, reader, Message(2)));
        Assert.Equal(1, await PassAsync(writer, reader, Message(3)));
        Complete(writer, reader);
    }

    [Fact]
    public async Task A_large_message_is_read_in_one_piece_where_it_lies()
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));
        await writer.WriteAsync(Message(2), Cancelled);

        var result = await reader.ReadAsync(Cancelled);

        Assert.True(result.Buffer.IsSingleSegment);
        Assert.Equal(MessageBytes, result.Buffer.Length);
        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Assert.False(reader.TryRead(out _));
        Complete(writer, reader);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(MessageBytes)]
    public async Task What_was_not_consumed_comes_again_with_what_follows_it(int following)
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));
        await writer.WriteAsync(Message(2), Cancelled);
        var first = (await reader.ReadAsync(Cancelled)).Buffer;
        reader.AdvanceTo(first.GetPosition(100), first.End);
        await writer.WriteAsync(Message(3, following), Cancelled);

        var both = (await reader.ReadAsync(Cancelled)).Buffer;

        Assert.Equal([.. Message(2)[100..], .. Message(3, following)], both.ToArray());
        Complete(writer, reader);
    }

    [Fact]
    public async Task Small_messages_are_sent()
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));

        Assert.Equal(OutgoingLane.LeastMessage - 1, await PassAsync(writer, reader, Message(2, OutgoingLane.LeastMessage - 1)));
        Assert.Equal(1, await PassAsync(writer, reader, Message(3, OutgoingLane.LeastMessage)));
        Complete(writer, reader);
    }

    [Fact]
    public async Task Messages_are_sent_while_the_memory_has_as_many_as_it_takes()
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(0));
        var before = _wire.Sent;
        byte[][] messages = [.. Enumerable.Range(1, SharedLane.Slots + 1).Select(seed => Message(seed))];
        foreach (var message in messages)
        {
            await writer.WriteAsync(message, Cancelled);
        }

        Assert.Equal(SharedLane.Slots + MessageBytes, _wire.Sent - before);
        Assert.Equal(messages.SelectMany(message => message), await ReceiveAsync(reader, messages.Length * MessageBytes));
        Assert.Equal(1, await PassAsync(writer, reader, Message(9)));
        Complete(writer, reader);
    }

    [Fact]
    public async Task Longer_messages_get_memory_that_has_room_for_them()
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));
        Assert.Equal(1, await PassAsync(writer, reader, Message(2)));

        Assert.Equal(2 * MessageBytes, await PassAsync(writer, reader, Message(3, 2 * MessageBytes)));
        Assert.Equal(1, await PassAsync(writer, reader, Message(4, 2 * MessageBytes)));
        Assert.Equal(1, await PassAsync(writer, reader, Message(5)));
        Complete(writer, reader);
    }

    [Fact]
    public async Task A_message_longer_than_any_frame_is_sent()
    {
        var (writer, reader) = Ends();
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(FrameBuffer.MostKept + 1, await PassAsync(writer, reader, Message(time, FrameBuffer.MostKept + 1)));
            Assert.False(File.Exists(Lane));
        }

        Complete(writer, reader);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 50_000)]
    [InlineData(3, int.MaxValue)]
    public async Task Whatever_is_written_and_however_it_is_read_arrives_whole_and_in_order(int seed, int piece)
    {
        var random = new Random(seed);
        var wire = new Wire(piece);
        var (writer, reader) = Ends(wire);
        var (sent, received) = (new List<byte>(), new List<byte>());
        for (var turn = 0; turn < 400; turn++)
        {
            for (var messages = random.Next(4); messages > 0; messages--)
            {
                var longest = random.Next(4) == 0 ? 40_000 + (300 * turn) : 200;
                var message = Message(random.Next(), random.Next(1, longest));
                sent.AddRange(message);
                if (random.Next(2) == 0)
                {
                    var part = random.Next(message.Length);
                    message.AsSpan(0, part).CopyTo(writer.GetSpan(part));
                    writer.Advance(part);
                    message = message[part..];
                }

                await writer.WriteAsync(message, Cancelled);
            }

            for (var reads = random.Next(2) * random.Next(1000); reads > 0 && wire.UnderWay > 0; reads--)
            {
                received.AddRange(await ConsumeAsync(reader, random));
            }
        }

        while (received.Count < sent.Count)
        {
            received.AddRange(await ConsumeAsync(reader, random));
        }

        Assert.Equal(sent, received);
        Assert.InRange(wire.Sent, 1, sent.Count - (10 * OutgoingLane.LeastMessage));
        Complete(writer, reader);
    }

    [Fact]
    public async Task Where_the_other_end_does_not_look_nothing_is_left_behind()
    {
        var writer = new FrameWriter(_wire, new OutgoingLane(Lane));
        var reader = new FrameReader(_wire);
        for (var time = 1; time < OutgoingLane.MostUnanswered; time++)
        {
            Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(time)));
            Assert.True(File.Exists(Lane));
        }

        Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(100)));
        Assert.False(File.Exists(Lane));
        Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(101)));
        Assert.False(File.Exists(Lane));
    }

    [Fact]
    public async Task The_end_leaves_no_file_behind()
    {
        var writer = new FrameWriter(_wire, new OutgoingLane(Lane));
        await writer.WriteAsync(Message(1), Cancelled);
        Assert.True(File.Exists(Lane));

        writer.Complete();

        Assert.False(File.Exists(Lane));
    }

    [Fact]
    public async Task Files_of_processes_that_were_killed_are_removed()
    {
        var (old, recent) = (Path.Combine(_folder.Path, "mnist-1"), Path.Combine(_folder.Path, "mnist-2"));
        File.WriteAllBytes(old, [1]);
        File.WriteAllBytes(recent, [1]);
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow - TimeSpan.FromMinutes(2));

        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(recent));
        Complete(writer, reader);
    }

    [Fact]
    public async Task Where_there_is_no_such_memory_messages_are_sent()
    {
        var nowhere = Path.Combine(_folder.Path, "missing", "lane");
        var writer = new FrameWriter(_wire, new OutgoingLane(nowhere));
        var reader = new FrameReader(_wire, new IncomingLane(nowhere));
        for (var time = 0; time < 2 * OutgoingLane.MostUnanswered; time++)
        {
            Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(time)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task A_file_that_is_no_lane_is_removed_and_not_used(int bytes)
    {
        File.WriteAllBytes(Lane, Message(7, bytes));
        var (writer, reader) = Ends();

        // The file stands in the way of the first one.
        Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(1)));
        Assert.False(File.Exists(Lane));
        Assert.Equal(MessageBytes, await PassAsync(writer, reader, Message(2)));
        Assert.Equal(1, await PassAsync(writer, reader, Message(3)));
        Complete(writer, reader);
    }

    [Fact]
    public async Task A_message_that_claims_to_be_longer_than_its_slot_is_refused()
    {
        var reader = new FrameReader(_wire, new IncomingLane(Lane));
        using var lane = SharedLane.Create(Lane, 2 * OutgoingLane.LeastMessage)!;
        _wire.Write(Message(1, OutgoingLane.LeastMessage));
        await ReceiveAsync(reader, OutgoingLane.LeastMessage);
        Assert.True(lane.IsAccepted);

        lane.Publish(0, OutgoingLane.LeastMessage, (2 * OutgoingLane.LeastMessage) + 1);
        _wire.Write([1]);

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(async () => await reader.ReadAsync(Cancelled));
        Assert.Contains($"expected 1 to {2 * OutgoingLane.LeastMessage}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_was_cancelled_before_it_began_can_be_repeated()
    {
        var (writer, reader) = Ends();
        await PassAsync(writer, reader, Message(1));
        writer.CancelPendingFlush();
        Assert.True((await writer.WriteAsync(Message(2), Cancelled)).IsCanceled);

        Assert.False((await writer.FlushAsync(Cancelled)).IsCanceled);

        Assert.Equal(Message(2), await ReceiveAsync(reader, MessageBytes));
        Complete(writer, reader);
    }

    private static byte[] Message(int seed, int length = MessageBytes)
    {
        var message = new byte[length];
        new Random(seed).NextBytes(message);
        return message;
    }

    private static async Task<byte[]> ReceiveAsync(FrameReader reader, int length)
    {
        var received = new List<byte>(length);
        while (received.Count < length)
        {
            var result = await reader.ReadAsync(Cancelled);
            received.AddRange(result.Buffer.ToArray());
            reader.AdvanceTo(result.Buffer.End);
        }

        return [.. received];
    }

    /// <summary>Reads, and now and then consumes some of it; does not always look at all of the rest.</summary>
    private static async Task<byte[]> ConsumeAsync(FrameReader reader, Random random)
    {
        var unread = (await reader.ReadAsync(Cancelled)).Buffer;
        var consumed = random.Next(20) == 0 ? random.NextInt64(unread.Length + 1) : 0;
        var examined = random.Next(2) == 0 ? unread.Length : random.NextInt64(consumed, unread.Length + 1);
        var bytes = unread.Slice(0, consumed).ToArray();
        reader.AdvanceTo(unread.GetPosition(consumed), unread.GetPosition(examined));
        return bytes;
    }

    private static void Complete(FrameWriter writer, FrameReader reader)
    {
        writer.Complete();
        reader.Complete();
    }

    private (FrameWriter Writer, FrameReader Reader) Ends(Wire? wire = null) =>
        (new FrameWriter(wire ?? _wire, new OutgoingLane(Lane)), new FrameReader(wire ?? _wire, new IncomingLane(Lane)));

    /// <summary>Sends a message, sees that it arrives, and says how many bytes of it were sent.</summary>
    private async Task<long> PassAsync(FrameWriter writer, FrameReader reader, byte[] message)
    {
        var before = _wire.Sent;
        await writer.WriteAsync(message, Cancelled);
        Assert.Equal(message, await ReceiveAsync(reader, message.Length));
        return _wire.Sent - before;
    }
}
