using System.Buffers;
using System.IO.Pipelines;
using Mnist.Clustering.Transport;

namespace Mnist.Cluster.Tests.Transport;

public sealed class FramePipeTests
{
    private const int MessageBytes = 1_000_003;
    private static readonly byte[] Message = [.. Enumerable.Range(0, MessageBytes).Select(i => (byte)(i * 31))];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_is_room_for_a_message_as_long_as_the_longest_in_one_piece()
    {
        var writer = new FrameWriter(new MemoryStream());
        Assert.Equal(FrameBuffer.Least, writer.GetMemory(1).Length);

        await writer.WriteAsync(Message, Cancelled);

        Assert.InRange(writer.GetMemory(1).Length, MessageBytes, 2 * MessageBytes);
    }

    [Fact]
    public async Task What_was_written_before_there_was_too_little_room_is_sent_as_well()
    {
        var sent = new MemoryStream();
        var writer = new FrameWriter(sent);
        Message.AsSpan(0, 10).CopyTo(writer.GetSpan(10));
        writer.Advance(10);

        Message.AsSpan(10).CopyTo(writer.GetSpan(MessageBytes - 10));
        writer.Advance(MessageBytes - 10);
        Assert.Equal(MessageBytes, writer.UnflushedBytes);
        await writer.FlushAsync(Cancelled);

        Assert.Equal(Message, sent.ToArray());
        Assert.Equal(0, writer.UnflushedBytes);
    }

    [Fact]
    public async Task A_message_as_long_as_the_longest_is_read_in_one_piece()
    {
        var reader = new FrameReader(Wire.With([.. Message, .. Message], piece: 50_000));
        for (var time = 0; time < 2; time++)
        {
            var result = await reader.ReadAtLeastAsync(MessageBytes, Cancelled);

            var message = result.Buffer.Slice(0, MessageBytes);
            Assert.True(message.IsSingleSegment);
            Assert.Equal(Message, message.ToArray());
            reader.AdvanceTo(message.End);
        }

        Assert.True((await reader.ReadAsync(Cancelled)).IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(70_000)]
    public async Task What_is_consumed_in_parts_arrives_whole(int part)
    {
        var reader = new FrameReader(Wire.With(Message, piece: 30_000));
        var received = new List<byte>(MessageBytes);
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(Cancelled);
            var consumed = result.Buffer.Slice(0, result.IsCompleted ? result.Buffer.Length : Math.Min(part * 1000L, result.Buffer.Length));
            received.AddRange(consumed.ToArray());
            reader.AdvanceTo(consumed.End);
        }
        while (!result.IsCompleted);

        Assert.Equal(Message, received);
    }

    [Fact]
    public async Task What_was_examined_is_not_handed_out_again_without_more()
    {
        var reader = new FrameReader(Wire.With(Message, piece: 100));
        var first = await reader.ReadAsync(Cancelled);
        reader.AdvanceTo(first.Buffer.GetPosition(10), first.Buffer.End);

        Assert.False(reader.TryRead(out _));
        var second = await reader.ReadAsync(Cancelled);

        Assert.Equal(Message[10..200], second.Buffer.ToArray());
        reader.AdvanceTo(second.Buffer.Start, second.Buffer.GetPosition(50));
        Assert.True(reader.TryRead(out var again));
        Assert.Equal(Message[10..200], again.Buffer.ToArray());
    }

    [Fact]
    public async Task Cancelling_before_a_read_or_a_write_ends_the_next_one_and_no_other()
    {
        var reader = new FrameReader(Wire.With(Message, piece: 100));
        reader.CancelPendingRead();
        var cancelled = await reader.ReadAsync(Cancelled);
        Assert.True(cancelled.IsCanceled);
        reader.AdvanceTo(cancelled.Buffer.Start);
        Assert.Equal(Message[..100], (await reader.ReadAsync(Cancelled)).Buffer.ToArray());

        var sent = new MemoryStream();
        var writer = new FrameWriter(sent);
        writer.CancelPendingFlush();
        Assert.True((await writer.WriteAsync(Message, Cancelled)).IsCanceled);
        Assert.False((await writer.FlushAsync(Cancelled)).IsCanceled);
        Assert.Equal(Message, sent.ToArray());
    }

    [Fact]
    public async Task An_array_that_is_longer_than_frames_are_is_not_kept()
    {
        var writer = new FrameWriter(Stream.Null);
        writer.Advance(writer.GetMemory(FrameBuffer.MostKept + 1).Length);
        await writer.FlushAsync(Cancelled);
        Assert.Equal(FrameBuffer.Least, writer.GetMemory(1).Length);
    }

    [Fact]
    public async Task Nothing_is_read_or_written_after_the_end()
    {
        var reader = new FrameReader(Stream.Null);
        reader.Complete();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync(Cancelled));

        var writer = new FrameWriter(Stream.Null);
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.GetMemory(1));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.FlushAsync(Cancelled));
    }
}
