using System.Buffers;
using MessagePack;

namespace Mnist.Grains.Tests.Wire;

/// <summary>Writes and reads single values, with their bytes as hexadecimal digits.</summary>
internal static class MessagePackBytes
{
    public delegate void Writing(ref MessagePackWriter writer);

    public delegate T Reading<out T>(ref MessagePackReader reader);

    public static string Write(Writing write)
    {
        // A first buffer of one byte, so that writing crosses from one buffer into the next.
        var buffer = new ArrayBufferWriter<byte>(1);
        var writer = new MessagePackWriter(buffer);
        write(ref writer);
        writer.Flush();
        return Convert.ToHexString(buffer.WrittenSpan);
    }

    public static T Read<T>(string bytes, Reading<T> read)
    {
        var reader = new MessagePackReader(Convert.FromHexString(bytes));
        return read(ref reader);
    }

    public static ReadOnlySequence<byte> InSegmentsOfOne(byte[] bytes)
    {
        var first = new Segment(bytes.AsMemory(0, 1), 0);
        var last = first;
        for (var i = 1; i < bytes.Length; i++)
        {
            last = last.Append(bytes.AsMemory(i, 1));
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
