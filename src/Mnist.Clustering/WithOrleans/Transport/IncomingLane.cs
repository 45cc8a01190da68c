namespace Mnist.Clustering.Transport;

/// <summary>Where the other end of a connection within a machine leaves large messages.</summary>
/// <param name="path">A file in memory, where the other end makes it.</param>
internal sealed class IncomingLane(string path) : IDisposable
{
    /// <summary>What the other end used before, where messages may still lie, and what it uses now.</summary>
    private readonly List<SharedLane> _lanes = [];

    /// <summary>Looks for a lane. A large message that was sent says that there is none so far that had room for it.</summary>
    public void Look()
    {
        if (SharedLane.Accept(path) is { } lane)
        {
            _lanes.Add(lane);
        }
    }

    /// <summary>The message that was left first, of those whose first byte was received; null where there is none.</summary>
    /// <param name="received">Bytes that were received.</param>
    public SharedMessage? Find(long received)
    {
        foreach (var lane in _lanes)
        {
            if (lane.Find(received) is { } message)
            {
                // Whoever uses a later lane leaves nothing in earlier ones, and all that it left there was read.
                while (_lanes[0] != lane)
                {
                    _lanes[0].Dispose();
                    _lanes.RemoveAt(0);
                }

                return message;
            }
        }

        return null;
    }

    /// <summary>Nobody reads any more.</summary>
    public void Dispose()
    {
        _lanes.ForEach(lane => lane.Dispose());
        _lanes.Clear();
    }
}
