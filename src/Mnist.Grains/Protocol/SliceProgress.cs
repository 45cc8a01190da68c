namespace Mnist.Grains.Protocol;

/// <summary>Which slices of a round were received, and since when the others are waited for.</summary>
internal sealed class SliceProgress
{
    private readonly bool[] _isReceived;
    private readonly TimeSpan[] _since;

    // Slices in the order of the times since when they are waited for. The first one is missing; others may have been received.
    private readonly Queue<int> _awaited;

    /// <summary>Creates a round that is over.</summary>
    /// <param name="slices">Slices of a round.</param>
    public SliceProgress(int slices)
    {
        _isReceived = new bool[slices];
        _since = new TimeSpan[slices];
        _awaited = new Queue<int>(slices);
    }

    /// <summary>Number of slices that were not received.</summary>
    public int Missing { get; private set; }

    /// <summary>Since when the slice that is missing for longest is waited for; null when none is missing.</summary>
    public TimeSpan? LongestSince => _awaited.TryPeek(out var slice) ? _since[slice] : null;

    /// <summary>Begins a round: nothing is received.</summary>
    /// <param name="now">The time, which never goes back.</param>
    public void Begin(TimeSpan now)
    {
        Missing = _isReceived.Length;
        Array.Clear(_isReceived);
        _awaited.Clear();
        for (var slice = 0; slice < _isReceived.Length; slice++)
        {
            Await(slice, now);
        }
    }

    /// <summary>True when a slice was received.</summary>
    /// <param name="slice">Index of the slice.</param>
    public bool HasReceived(int slice) => _isReceived[slice];

    /// <summary>Notes that a range of slices was received.</summary>
    /// <param name="first">First slice.</param>
    /// <param name="count">Number of slices.</param>
    public void Receive(int first, int count)
    {
        for (var slice = first; slice < first + count; slice++)
        {
            Missing -= _isReceived[slice] ? 0 : 1;
            _isReceived[slice] = true;
        }

        DropReceived();
    }

    /// <summary>The slices that are missing since a time or for longer, those first that are missing for longest.</summary>
    /// <param name="latest">That time.</param>
    public int[] MissingSince(TimeSpan latest) =>
        [.. _awaited.TakeWhile(slice => _since[slice] <= latest).Where(slice => !_isReceived[slice])];

    /// <summary>Waits for slices anew.</summary>
    /// <param name="slices">The first ones of <see cref="MissingSince"/>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The slices, ascending.</returns>
    public int[] AwaitAnew(ReadOnlySpan<int> slices, TimeSpan now)
    {
        foreach (var slice in slices)
        {
            while (_awaited.Dequeue() != slice)
            {
                // It was received.
            }
        }

        DropReceived();
        var ascending = slices.ToArray();
        Array.Sort(ascending);
        Array.ForEach(ascending, slice => Await(slice, now));
        return ascending;
    }

    /// <summary>Keeps the first one of those that are awaited missing.</summary>
    private void DropReceived()
    {
        while (_awaited.TryPeek(out var slice) && _isReceived[slice])
        {
            _awaited.Dequeue();
        }
    }

    private void Await(int slice, TimeSpan now)
    {
        _since[slice] = now;
        _awaited.Enqueue(slice);
    }
}
