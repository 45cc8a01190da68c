namespace Mnist.Clustering.Transport;

/// <summary>A message that another process of this machine left.</summary>
/// <param name="Lane">Where it lies.</param>
/// <param name="Slot">The slot that it has until it is released.</param>
/// <param name="Position">Bytes that were sent before its first one, which was sent as well.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct SharedMessage(SharedLane Lane, int Slot, long Position, int Length)
{
    /// <summary>The message, until it is released.</summary>
    /// <exception cref="InvalidDataException">It is said to be longer than its slot.</exception>
    public ReadOnlyMemory<byte> Bytes => Length > 0 && Length <= Lane.SlotLength
        ? Lane[Slot][..Length]
        : throw new InvalidDataException($"a message in shared memory has {Length} bytes, expected 1 to {Lane.SlotLength}");

    /// <summary>Gives the slot back.</summary>
    public void Release() => Lane.Release(Slot);
}
