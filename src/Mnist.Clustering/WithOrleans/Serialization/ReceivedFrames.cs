using Mnist.Grains.Contracts;
using Mnist.Grains.Wire;

namespace Mnist.Clustering.Serialization;

/// <summary>The arrays that a silo reads frames into; from any thread.</summary>
internal sealed class ReceivedFrames
{
    /// <summary>
    /// For each worker, of which there is one for a processor as a rule, the weights of each of four partitions, and gradients of as many
    /// others, some frames each. No more than that lies about unused, nor more than was in use at once.
    /// </summary>
    private static readonly int MostSpare = 20 * Environment.ProcessorCount;

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
