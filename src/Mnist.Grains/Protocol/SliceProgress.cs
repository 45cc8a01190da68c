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

        while (_awaited.TryPeek(out var slice) && _isReceived[slice])
        {
            _awaited.Dequeue();
        }
    }

    /// <summary>The slices, ascending, that are missing since a time or for longer; from now on they are waited for anew.</summary>
    /// <param name="latest">That time.</param>
    /// <param name="now">The time, later than that.</param>
    public int[] AwaitAnew(TimeSpan latest, TimeSpan now)
    {
        var slices = new List<int>();
        while (_awaited.TryPeek(out var slice) && _since[slice] <= latest)
        {
            _awaited.Dequeue();
            if (!_isReceived[slice])
            {
                slices.Add(slice);
            }
        }

        slices.Sort();
        slices.ForEach(slice => Await(slice, now));
        return [.. slices];
    }

    private void Await(int slice, TimeSpan now)
    {
        _since[slice] = now;
        _awaited.Enqueue(slice);
    }
}
