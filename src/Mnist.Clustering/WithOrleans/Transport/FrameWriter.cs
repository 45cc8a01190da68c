using System.IO.Pipelines;

namespace Mnist.Clustering.Transport;

/// <summary>
/// Collects what is to be sent in one piece, which it writes to the stream at once. A write that is cancelled may have sent a part: the
/// connection is of no use after it.
/// </summary>
/// <param name="stream">What it writes to; whoever made it closes it.</param>
/// <param name="lane">Where it leaves large messages, of which it sends the first byte only; null where the other end is elsewhere.</param>
internal sealed class FrameWriter(Stream stream, OutgoingLane? lane = null) : PipeWriter
{
    private readonly Interruption _interruption = new();
    private byte[] _own = GC.AllocateUninitializedArray<byte>(FrameBuffer.Least);

    // What the message at hand is written to: a slot of the lane, or the array; empty before it has begun.
    private Memory<byte> _buffer;
    private bool _isShared;
    private int _length;
    private long _sent;
    private bool _isCompleted;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _length;

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        ThrowIfCompleted();
        if (_buffer.IsEmpty)
        {
            var slot = lane?.FindSlot() ?? default;
            _isShared = !slot.IsEmpty;
            _buffer = _isShared ? slot : _own;
        }

        var room = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length < room)
        {
            MoveToArray(room);
        }

        return _buffer[_length..];
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_buffer.Length - _length), nameof(bytes));
        _length += bytes;
    }

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfCompleted();
        ReadOnlyMemory<byte> sent = _buffer[.._length];
        if (_isShared && _length >= OutgoingLane.LeastMessage)
        {
            lane!.Publish(_sent, _length);
            sent = sent[..1];
        }
        else
        {
            lane?.Offer(_length);
        }

        await using var registration = _interruption.RequestedBy(cancellationToken);
        try
        {
            // Empty where there is nothing to send: whoever has cancelled hears of it here, too.
            await stream.WriteAsync(sent, _interruption.Token);
        }
        catch (OperationCanceledException)
        {
            _interruption.Take();
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: true, isCompleted: false);
        }

        _sent += sent.Length;
        (_buffer, _isShared, _length) = (default, false, 0);
        _own = FrameBuffer.Keep(_own);
        return default;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _interruption.Request();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        (_own, _buffer, _length) = ([], default, 0);
        lane?.Dispose();
    }

    private void MoveToArray(int room)
    {
        var written = _buffer.Span[.._length];
        if (_isShared && _own.Length - _length >= room)
        {
            written.CopyTo(_own);
        }
        else
        {
            _own = FrameBuffer.Enlarge(written, room);
        }

        (_buffer, _isShared) = (_own, false);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("the writer is completed, expected no more messages");
        }
    }
}
