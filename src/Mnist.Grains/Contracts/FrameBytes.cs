using Orleans;

namespace Mnist.Grains.Contracts;

/// <summary>
/// An encoded frame (<see cref="Wire.Frame"/>) in a message. A type of its own, so that whoever receives messages chooses the array that
/// it is read into: frames are large, and an array made for each would be zeroed first, in memory that is in no cache.
/// </summary>
/// <param name="bytes">The frame; not written to while anybody may read it.</param>
/// <param name="release">Takes the array back once nobody reads it any more; null where it belongs to somebody else.</param>
/// <remarks>Within a silo the receiver has the sender's frame, and in another one a copy that is its own.</remarks>
[Immutable, Alias("mnist.FrameBytes")]
public sealed class FrameBytes(byte[] bytes, Action<byte[]>? release = null)
{
    private Action<byte[]>? _release = release;

    /// <summary>The frame.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Bytes of the frame.</summary>
    public int Length => Bytes.Length;

    /// <summary>
    /// Called by the receiver when it reads the frame no more: the array may hold another one from then on, where it was made for this
    /// message. More than one call, or none, does no harm.
    /// </summary>
    public void Release() => Interlocked.Exchange(ref _release, null)?.Invoke(Bytes);
}
