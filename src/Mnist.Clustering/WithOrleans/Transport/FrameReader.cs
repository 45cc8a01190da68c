using System.Buffers;
using System.IO.Pipelines;

namespace Mnist.Clustering.Transport;

/// <summary>
/// Reads what the stream has, as much as there is at once, into one array. A large message that the other end left in shared memory is
/// read where it is.
/// </summary>
/// <param name="stream">What it reads from; whoever made it closes it.</param>
/// <param name="lane">Where the other end leaves large messages, the first byte of which arrives; null where it is elsewhere.</param>
internal sealed class FrameReader(Stream stream, IncomingLane? lane = null) : PipeReader
{
    /// <summary>With less room than this behind what was read, a read is not worth its call.</summary>
    private const int LeastRead = 16 * 1024;
    private readonly Interruption _interruption = new();
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FrameBuffer.Least);
    private int _start;
    private int _end;

    // Instead of what is in the array, which is empty then.
    private SharedMessage? _message;
    private ReadOnlyMemory<byte> _unreadOfMessage;

    // Of what is unread, from its beginning.
    private long _examined;
    private long _received;
    private bool _isEnded;
    private bool _isCompleted;

    private ReadOnlySequence<byte> Unread =>
        _message is null ? new ReadOnlySequence<byte>(_buffer, _start, _end - _start) : new ReadOnlySequence<byte>(_unreadOfMessage);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        var isCanceled = _interruption.Take();
        result = new ReadResult(Unread, isCanceled, _isEnded);
        return isCanceled || _isEnded || result.Buffer.Length > _examined;
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
        {
            return result;
        }

        TakeMessageIn();
        MakeRoom(LeastRead);
        await using var registration = _interruption.RequestedBy(cancellationToken);
        try
        {
            Receive(await stream.ReadAsync(_buffer.AsMemory(_end), _interruption.Token));
            return new ReadResult(Unread, isCanceled: false, _isEnded);
        }
        catch (OperationCanceledException)
        {
            _interruption.Take();
            cancellationToken.ThrowIfCancellationRequested();
            return new ReadResult(Unread, isCanceled: true, isCompleted: false);
        }
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var unread = Unread;
        var consumedBytes = (int)unread.Slice(unread.Start, consumed).Length;
        _examined = Math.Max(0, unread.Slice(unread.Start, examined).Length - consumedBytes);
        if (_message is not null)
        {
            _unreadOfMessage = _unreadOfMessage[consumedBytes..];
            if (_unreadOfMessage.IsEmpty)
            {
                ReleaseMessage();
            }

            return;
        }

        _start += consumedBytes;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
            _buffer = FrameBuffer.Keep(_buffer);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _interruption.Request();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        (_buffer, _start, _end) = ([], 0, 0);
        (_message, _unreadOfMessage) = (null, default);
        lane?.Dispose();
    }

    private void Receive(int bytes)
    {
        var unread = _end - _start;
        _end += bytes;
        _received += bytes;
        _isEnded = bytes == 0;
        if (lane is null)
        {
            return;
        }

        while (lane.Find(_received) is { } message)
        {
            var first = checked(_end - (int)(_received - message.Position));
            if (first == _start && first == _end - 1)
            {
                (_start, _end) = (0, 0);
                (_message, _unreadOfMessage) = (message, message.Bytes);
                return;
            }

            Insert(message, first);
        }

        if (unread < OutgoingLane.LeastMessage && _end - _start >= OutgoingLane.LeastMessage)
        {
            lane.Look();
        }
    }

    /// <summary>Copies a message to where its first byte is, since something was sent right before or after it.</summary>
    private void Insert(SharedMessage message, int first)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, _start);
        var bytes = message.Bytes.Span;
        var behind = _end - first;
        MakeRoom(bytes.Length);
        first = _end - behind;
        _buffer.AsSpan(first + 1, behind - 1).CopyTo(_buffer.AsSpan(first + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(first));
        _end += bytes.Length - 1;
        message.Release();
    }

    /// <summary>Copies what is unread of a message in shared memory to the array, where what follows it is read to.</summary>
    private void TakeMessageIn()
    {
        if (_message is not null)
        {
            MakeRoom(_unreadOfMessage.Length);
            _unreadOfMessage.Span.CopyTo(_buffer);
            _end = _unreadOfMessage.Length;
            ReleaseMessage();
        }
    }

    private void ReleaseMessage()
    {
        _message?.Release();
        (_message, _unreadOfMessage) = (null, default);
    }

    /// <summary>Moves what is unread to the beginning of the array, or of a larger one where it fills more than half of it.</summary>
    private void MakeRoom(int needed)
    {
        if (_buffer.Length - _end >= needed)
        {
            return;
        }

        var unread = _buffer.AsSpan(_start, _end - _start);
        if (unread.Length <= _buffer.Length / 2 && _buffer.Length - unread.Length >= needed)
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            _buffer = FrameBuffer.Enlarge(unread, Math.Max(needed, _buffer.Length));
        }

        (_start, _end) = (0, unread.Length);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("the reader is completed, expected no more reads");
        }
    }
}
