namespace Mnist.Grains.Protocol;

/// <summary>Who owns which slice of a round, with the slices of every owner at hand.</summary>
internal sealed class SliceOwners
{
    private readonly int[] _owners;

    // The slices grouped by owner, ascending in each group: Nobody's first, then those of worker 0, 1 and so on. The group
    // of a worker begins at _starts[worker + 1]; the last number is the end of the last group.
    private readonly int[] _grouped;
    private int[] _starts;

    /// <summary>Creates a round that nobody owns anything of.</summary>
    /// <param name="slices">Slices of a round.</param>
    public SliceOwners(int slices)
    {
        _owners = new int[slices];
        _grouped = new int[slices];
        _starts = new int[2];
        Clear();
    }

    /// <summary>Owner of a slice, or <see cref="LeaseTable.Nobody"/>.</summary>
    /// <param name="slice">Index of the slice.</param>
    public int this[int slice] => _owners[slice];

    /// <summary>Owner of each slice, or <see cref="LeaseTable.Nobody"/>.</summary>
    public ReadOnlySpan<int> All => _owners;

    /// <summary>Slices of whoever owns the most; 1 where nobody owns any.</summary>
    public int Heaviest { get; private set; }

    /// <summary>How many workers own slices.</summary>
    public int Count { get; private set; }

    /// <summary>True when a slice has no owner.</summary>
    public bool HasUnowned => SlicesOf(LeaseTable.Nobody).Length > 0;

    /// <summary>The slices of an owner, ascending; valid until owners change.</summary>
    /// <param name="owner">Index of a worker, or <see cref="LeaseTable.Nobody"/>.</param>
    public ReadOnlySpan<int> SlicesOf(int owner)
    {
        var group = owner + 1;
        return group + 1 < _starts.Length ? _grouped.AsSpan(_starts[group].._starts[group + 1]) : [];
    }

    /// <summary>Takes every slice from its owner.</summary>
    public void Clear()
    {
        Array.Fill(_owners, LeaseTable.Nobody);
        Group();
    }

    /// <summary>Gives the slices to those who lease them, but for absent ones, whose slices nobody owns.</summary>
    /// <param name="leases">A table over as many slices.</param>
    /// <param name="isAbsent">Tells which workers are absent.</param>
    public void Assign(LeaseTable leases, Predicate<int> isAbsent)
    {
        for (var slice = 0; slice < _owners.Length; slice++)
        {
            var owner = leases[slice];
            _owners[slice] = owner == LeaseTable.Nobody || isAbsent(owner) ? LeaseTable.Nobody : owner;
        }

        Group();
    }

    /// <summary>Takes slices from their owners.</summary>
    /// <param name="slices">Indices of slices.</param>
    public void Take(IEnumerable<int> slices)
    {
        foreach (var slice in slices)
        {
            _owners[slice] = LeaseTable.Nobody;
        }

        Group();
    }

    /// <summary>Gives the slices that nobody owns to one worker.</summary>
    /// <param name="worker">Index of the worker.</param>
    public void GiveUnowned(int worker)
    {
        _owners.AsSpan().Replace(LeaseTable.Nobody, worker);
        Group();
    }

    /// <summary>
    /// Gives the slices that nobody owns to those who own the fewest, so that all own as many in the end as far as possible. Everybody's
    /// are adjacent: adjacent slices form large subtrees of the reduction tree, and make one frame where scattered ones make a frame each.
    /// </summary>
    /// <param name="workers">Indices of workers, ascending, each once.</param>
    public void SpreadUnowned(IReadOnlyList<int> workers)
    {
        if (workers.Count == 0)
        {
            return;
        }

        var byLoad = new PriorityQueue<int, (int Load, int Index)>(
            workers.Select((worker, index) => (index, (SlicesOf(worker).Length, index))));
        var unowned = SlicesOf(LeaseTable.Nobody);
        var shares = new int[workers.Count];
        for (var i = 0; i < unowned.Length; i++)
        {
            byLoad.TryPeek(out var index, out var priority);
            shares[index]++;
            byLoad.DequeueEnqueue(index, (priority.Load + 1, index));
        }

        foreach (var (worker, share) in workers.Zip(shares))
        {
            foreach (var slice in unowned[..share])
            {
                _owners[slice] = worker;
            }

            unowned = unowned[share..];
        }

        Group();
    }

    /// <summary>Groups the slices by owner: a counting sort.</summary>
    private void Group()
    {
        var groups = Math.Max(_starts.Length - 1, _owners.Max() + 2);
        if (_starts.Length < groups + 1)
        {
            _starts = new int[groups + 1];
        }

        Array.Clear(_starts);
        foreach (var owner in _owners)
        {
            _starts[owner + 1]++;
        }

        (Heaviest, Count) = (1, 0);
        foreach (var slices in _starts.AsSpan(1))
        {
            Count += slices > 0 ? 1 : 0;
            Heaviest = Math.Max(Heaviest, slices);
        }

        // The sums so far are the ends of the groups; filling these from the back makes starts of them.
        for (var group = 1; group <= groups; group++)
        {
            _starts[group] += _starts[group - 1];
        }

        for (var slice = _owners.Length - 1; slice >= 0; slice--)
        {
            _grouped[--_starts[_owners[slice] + 1]] = slice;
        }
    }
}
