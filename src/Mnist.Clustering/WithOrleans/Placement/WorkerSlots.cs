using Mnist.Grains.Hosting;

namespace Mnist.Clustering.Placement;

/// <summary>
/// The worker slots of a silo. A worker holds one from the moment at which it is placed there, and for as long as it works; a
/// worker that is placed and does not come loses its slot.
/// </summary>
internal sealed class WorkerSlots(int capacity, TimeProvider time) : IWorkerRoom
{
    private static readonly TimeSpan ReservationTime = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _working = [];
    private readonly Dictionary<string, long> _reserved = [];

    /// <summary>Slots that nobody holds.</summary>
    public int CountFree()
    {
        lock (_lock)
        {
            DropExpired();
            return Math.Max(0, capacity - _working.Count - _reserved.Count);
        }
    }

    /// <summary>Keeps a slot for a worker that is about to come.</summary>
    /// <param name="worker">Key of its grain.</param>
    /// <returns>False where none is free.</returns>
    public bool TryReserve(string worker)
    {
        lock (_lock)
        {
            if (!HasRoomFor(worker))
            {
                return false;
            }

            if (!_working.Contains(worker))
            {
                _reserved[worker] = time.GetTimestamp();
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public bool TryEnter(string worker)
    {
        lock (_lock)
        {
            if (!HasRoomFor(worker))
            {
                return false;
            }

            _reserved.Remove(worker);
            _working.Add(worker);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Leave(string worker)
    {
        lock (_lock)
        {
            _working.Remove(worker);
        }
    }

    private bool HasRoomFor(string worker)
    {
        DropExpired();
        return _working.Contains(worker) || _reserved.ContainsKey(worker) || _working.Count + _reserved.Count < capacity;
    }

    private void DropExpired()
    {
        foreach (var (worker, since) in _reserved.ToArray())
        {
            if (time.GetElapsedTime(since) > ReservationTime)
            {
                _reserved.Remove(worker);
            }
        }
    }
}
