using Mnist.Grains.Compute;

namespace Mnist.Clustering.Placement;

/// <summary>
/// The worker slots of a silo. A worker holds one from the moment at which it is placed there, and for as long as it has a
/// compute lane; a worker that is placed and does not come loses its slot.
/// </summary>
internal sealed class WorkerSlots(IComputeLaneFactory lanes, int capacity, TimeProvider time) : IComputeLaneFactory
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
            DropExpired();
            var isHeld = _working.Contains(worker) || _reserved.ContainsKey(worker);
            if (!isHeld && _working.Count + _reserved.Count >= capacity)
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
    public IComputeLane Create(string name)
    {
        lock (_lock)
        {
            _reserved.Remove(name);
            _working.Add(name);
        }

        return new SlotLane(this, name, lanes.Create(name));
    }

    private void Release(string worker)
    {
        lock (_lock)
        {
            _working.Remove(worker);
        }
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

    private sealed class SlotLane(WorkerSlots slots, string worker, IComputeLane lane) : IComputeLane
    {
        public Task RunAsync(Action job) => lane.RunAsync(job);

        public void Dispose()
        {
            lane.Dispose();
            slots.Release(worker);
        }
    }
}
