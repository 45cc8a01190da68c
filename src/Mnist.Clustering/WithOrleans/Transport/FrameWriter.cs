using System.IO.Pipelines;

namespace Mnist.Clustering.Transport;

/// <summary>
/// Collects what is to be sent in one array, which it writes to the stream at once. A write that is cancelled may have sent a part: the
/// connection is of no use after it.
/// </summary>
/// <param name="stream">What it writes to; whoever made it closes it.</param>
internal sealed class FrameWriter(Stream stream) : PipeWriter
{
    private readonly Interruption _interruption = new();
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FrameBuffer.Least);
    private int _length;
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
        var room = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length < room)
        {
            _buffer = FrameBuffer.Enlarge(_buffer.AsSpan(0, _length), room);
        }

        return _buffer.AsMemory(_length);
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
        await using var registration = _interruption.RequestedBy(cancellationToken);
        try
        {
            // Empty where there is nothing to send: whoever has cancelled hears of it here, too.
            await stream.WriteAsync(_buffer.AsMemory(0, _length), _interruption.Token);
        }
        catch (OperationCanceledException)
        {
            _interruption.Take();
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: true, isCompleted: false);
        }

        _length = 0;
        _buffer = FrameBuffer.Keep(_buffer);
        return default;
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _interruption.Request();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        (_buffer, _length) = ([], 0);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("the writer is completed, expected no more messages");
        }
    }
}
