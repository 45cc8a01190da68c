using System.Buffers;
using System.IO.Pipelines;

namespace Mnist.Clustering.Transport;

/// <summary>Reads what the stream has, as much as there is at once, into one array.</summary>
/// <param name="stream">What it reads from; whoever made it closes it.</param>
internal sealed class FrameReader(Stream stream) : PipeReader
{
    /// <summary>With less room than this behind what was read, a read is not worth its call.</summary>
    private const int LeastRead = 16 * 1024;
    private readonly Interruption _interruption = new();
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(FrameBuffer.Least);
    private int _start;
    private int _examined;
    private int _end;
    private bool _isEnded;
    private bool _isCompleted;

    private ReadOnlySequence<byte> Unread => new(_buffer, _start, _end - _start);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        var isCanceled = _interruption.Take();
        result = new ReadResult(Unread, isCanceled, _isEnded);
        return isCanceled || _isEnded || _end > _examined;
    }

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
        {
            return result;
        }

        MakeRoom();
        await using var registration = _interruption.RequestedBy(cancellationToken);
        try
        {
            var bytes = await stream.ReadAsync(_buffer.AsMemory(_end), _interruption.Token);
            _end += bytes;
            _isEnded = bytes == 0;
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
        _examined = _start + Math.Max(consumedBytes, (int)unread.Slice(unread.Start, examined).Length);
        _start += consumedBytes;
        if (_start == _end)
        {
            (_start, _examined, _end) = (0, 0, 0);
            _buffer = FrameBuffer.Keep(_buffer);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _interruption.Request();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        _isCompleted = true;
        (_buffer, _start, _examined, _end) = ([], 0, 0, 0);
    }

    /// <summary>Moves what is unread to the beginning of the array, or of a larger one where it fills more than half of it.</summary>
    private void MakeRoom()
    {
        if (_buffer.Length - _end >= LeastRead)
        {
            return;
        }

        var unread = _buffer.AsSpan(_start, _end - _start);
        if (unread.Length <= _buffer.Length / 2)
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            _buffer = FrameBuffer.Enlarge(unread, _buffer.Length);
        }

        (_start, _examined, _end) = (0, _examined - _start, unread.Length);
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("the reader is completed, expected no more reads");
        }
    }
}
