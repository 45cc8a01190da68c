namespace Orleans.Simulation;

/// <summary>The queues that have a turn to run. Which one is next is drawn.</summary>
internal sealed class TurnPool(SimulatedRandom random)
{
    private readonly List<(TurnQueue Queue, SiloNode Node)> _ready = [];

    /// <summary>How many turns wait in the queues.</summary>
    public int Turns
    {
        get
        {
            int turns = 0;
            foreach (var (queue, _) in _ready)
            {
                turns += queue.Count;
            }

            return turns;
        }
    }

    public void Add(TurnQueue queue, SiloNode node) => _ready.Add((queue, node));

    public bool TryTake(out TurnQueue queue, out SiloNode node)
    {
        if (_ready.Count == 0)
        {
            (queue, node) = (null!, null!);
            return false;
        }

        int index = random.NextInt32(_ready.Count);
        (queue, node) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        return true;
    }

    /// <summary>Takes the queues of a silo out.</summary>
    public IReadOnlyList<TurnQueue> Remove(SiloNode node)
    {
        TurnQueue[] removed = [.. _ready.Where(entry => entry.Node == node).Select(entry => entry.Queue)];
        _ = _ready.RemoveAll(entry => entry.Node == node);
        return removed;
    }
}
