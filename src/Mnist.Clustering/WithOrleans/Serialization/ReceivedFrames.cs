using Mnist.Grains.Contracts;
using Mnist.Grains.Wire;

namespace Mnist.Clustering.Serialization;

/// <summary>The arrays that a silo reads frames into; from any thread.</summary>
internal sealed class ReceivedFrames
{
    /// <summary>
    /// Weights for each worker, of which there is one for a processor as a rule, and gradients from as many others. No more than that lies
    /// about unused.
    /// </summary>
    private static readonly int MostSpare = (2 * Environment.ProcessorCount) + 4;

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
