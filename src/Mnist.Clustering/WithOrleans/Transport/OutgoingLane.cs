namespace Mnist.Clustering.Transport;

/// <summary>Where one end of a connection within a machine leaves large messages, once the other end has mapped the memory.</summary>
/// <param name="path">A file in memory, where the other end looks for it.</param>
internal sealed class OutgoingLane(string path) : IDisposable
{
    /// <summary>Bytes of a message that is worth it; shorter ones are sent.</summary>
    public const int LeastMessage = 16 * 1024;

    /// <summary>Large messages after which it is clear that the other end does not look, or there is no such memory.</summary>
    public const int MostUnanswered = 64;
    private SharedLane? _used;
    private SharedLane? _offered;
    private int _slot = -1;
    private int _unanswered;

    /// <summary>The memory of a slot for the next message; empty where there is none.</summary>
    public Memory<byte> FindSlot()
    {
        if (_offered is { IsAccepted: true })
        {
            _used?.Dispose();
            (_used, _offered, _unanswered) = (_offered, null, 0);
        }

        _slot = _used?.FindFree() ?? -1;
        return _slot < 0 ? default : _used![_slot];
    }

    /// <summary>Leaves the message that was written into the slot of <see cref="FindSlot"/>. Its first byte is sent after that.</summary>
    /// <param name="position">Bytes that were sent before.</param>
    /// <param name="length">Bytes of the message.</param>
    public void Publish(long position, int length) => _used!.Publish(_slot, position, length);

    /// <summary>Before a message is sent that had no room: makes a lane that has. Whoever has received it looks there.</summary>
    /// <param name="length">Bytes of the message.</param>
    public void Offer(int length)
    {
        if (length is < LeastMessage or > FrameBuffer.MostKept || length <= _used?.SlotLength || _unanswered == MostUnanswered)
        {
            return;
        }

        _unanswered++;
        if (_unanswered < MostUnanswered && length <= _offered?.SlotLength)
        {
            return;
        }

        Withdraw();
        if (_unanswered < MostUnanswered)
        {
            SharedMemoryPath.RemoveForgotten(Path.GetDirectoryName(path)!);
            _offered = SharedLane.Create(path, SlotLength(length));
        }
    }

    /// <summary>Nobody writes any more.</summary>
    public void Dispose()
    {
        Withdraw();
        _used?.Dispose();
        (_used, _unanswered) = (null, MostUnanswered);
    }

    /// <summary>Whole pages, with some room for messages that are a little longer.</summary>
    private static int SlotLength(int length) => ((length + (length / 8)) | (Environment.SystemPageSize - 1)) + 1;

    private void Withdraw()
    {
        if (_offered is not null)
        {
            SharedMemoryPath.Remove(path);
            _offered.Dispose();
            _offered = null;
        }
    }
}
