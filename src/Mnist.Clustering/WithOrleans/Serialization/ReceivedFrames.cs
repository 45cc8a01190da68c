using Mnist.Grains.Contracts;
using Mnist.Grains.Wire;

namespace Mnist.Clustering.Serialization;

/// <summary>The arrays that a silo reads frames into; from any thread.</summary>
internal sealed class ReceivedFrames
{
    /// <summary>More than arrive at a time while some workers train; what lies about unused is no more than that.</summary>
    private const int MostSpare = 8;

    private readonly SpareFrames _spare = new(MostSpare);
    private readonly Lock _lock = new();

    /// <summary>A frame to read into, with whatever its array held. Its array comes back when it is released.</summary>
    /// <param name="length">Bytes of the frame.</param>
    public FrameBytes Take(int length)
    {
        lock (_lock)
        {
            return new FrameBytes(_spare.Take(length), GiveBack);
        }
    }

    private void GiveBack(byte[] bytes)
    {
        lock (_lock)
        {
            _spare.GiveBack(bytes);
        }
    }
}
