namespace Mnist.Cluster.Tests.Transport;

/// <summary>One direction of a connection: what was written can be read, at most so many bytes at a time.</summary>
internal sealed class Wire(int piece = int.MaxValue) : Stream
{
    private readonly Queue<byte> _bytes = new();

    /// <summary>Bytes that were written.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes that were written and not read.</summary>
    public int UnderWay => _bytes.Count;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>One to which these bytes were written.</summary>
    public static Wire With(byte[] bytes, int piece)
    {
        var wire = new Wire(piece);
        wire.Write(bytes);
        return wire;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        foreach (var value in buffer)
        {
            _bytes.Enqueue(value);
        }

        Sent += buffer.Length;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(Math.Min(piece, buffer.Length), _bytes.Count);
        for (var i = 0; i < length; i++)
        {
            buffer[i] = _bytes.Dequeue();
        }

        return length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
