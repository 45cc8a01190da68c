using System.Runtime.InteropServices;

namespace Mnist.Grains.Protocol;

/// <summary>
/// Decides within a round who computes which slice. Everybody starts with the slices of the shards that he leases; the
/// leases of workers that were missing in the round before are spread over the others at once; and when a round lasts
/// longer than usual, what is still missing goes to whoever is idle (speculative re-execution, as in Dean and Ghemawat,
/// "MapReduce", OSDI 2004, section 3.6). All copies of a slice are identical, so it never matters who was first.
/// Deterministic: no clock, no randomness, no I/O; time comes in with every call.
/// </summary>
public sealed class RoundCoordinator
{
    private readonly SpeculationOptions _options;
    private readonly bool _isLead;
    private readonly int[] _owners;
    private readonly bool[] _isReceived;
    private readonly TimeSpan?[] _claims;
    private readonly List<WorkerRecord> _workers = [];
    private readonly TimeSpan?[] _usual = new TimeSpan?[2];
    private LeaseTable _leases;
    private Round _round;
    private TimeSpan _begun;
    private int _missing;

    /// <summary>Creates a coordinator in which no round has begun.</summary>
    /// <param name="slices">Slices of a round.</param>
    /// <param name="options">When a slice counts as late.</param>
    /// <param name="isLead">True where slices are given to their owners; other partitions only ask for what is late.</param>
    public RoundCoordinator(int slices, SpeculationOptions options, bool isLead)
    {
        (_options, _isLead) = (options, isLead);
        _owners = new int[slices];
        _isReceived = new bool[slices];
        _claims = new TimeSpan?[slices];
        _leases = LeaseTable.Empty(slices);
    }

    /// <summary>Slices that were given to a second worker, over all rounds.</summary>
    public long SpeculatedSlices { get; private set; }

    /// <summary>True when every slice of the round was received.</summary>
    public bool IsComplete => _missing == 0;

    /// <summary>The leases from the next round on.</summary>
    public LeaseTable Leases
    {
        get => _leases;
        set => _leases = value.Shards == _owners.Length
            ? value
            : throw new ArgumentException($"{value.Shards} leases for {_owners.Length} slices", nameof(value));
    }

    /// <summary>Begins a round: nothing is received, and every slice has an owner if there is anyone to own it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="now">Time since an arbitrary origin.</param>
    public void Begin(Round round, TimeSpan now)
    {
        _round = round;
        _begun = now;
        _missing = _owners.Length;
        Array.Clear(_isReceived);
        Array.Clear(_claims);
        AssignOwners();
        foreach (ref var worker in CollectionsMarshal.AsSpan(_workers))
        {
            worker.IsHeardThisRound = false;
            worker.IsIdle = false;
        }
    }

    /// <summary>Index of the worker who computes a slice unless it is late, or <see cref="LeaseTable.Nobody"/>.</summary>
    /// <param name="slice">Index of the slice.</param>
    public int OwnerOf(int slice) => _owners[slice];

    /// <summary>
    /// A worker asks what to do. One that has not delivered its own slices gets them, also for a second time, since the
    /// first answer may have been lost; any other waits, and may be given late slices by <see cref="Tick"/>. Slices that
    /// nobody owns, as when nobody was there yet as the round began, are the first asker's from then on.
    /// </summary>
    /// <param name="worker">Index of the worker.</param>
    /// <param name="isBusy">True when it is still computing and asks only to hear of the next round.</param>
    public WorkDecision Ask(int worker, bool isBusy)
    {
        ref var record = ref Record(worker);
        record.IsHeardThisRound = true;
        record.IsSuspect = false;
        if (isBusy)
        {
            return new WorkDecision(worker, [], false, "is computing");
        }

        if (_isLead)
        {
            _owners.AsSpan().Replace(LeaseTable.Nobody, worker);
        }

        var own = SlicesWhere((slice, owner) => owner == worker && !_isReceived[slice]);
        record.IsIdle = own.Length == 0;
        return new WorkDecision(worker, own, false, own.Length == 0 ? "has delivered everything" : "owns these slices");
    }

    /// <summary>A worker no longer waits for an answer.</summary>
    /// <param name="worker">Index of the worker.</param>
    public void Leave(int worker) => Record(worker).IsIdle = false;

    /// <summary>A worker goes for good: it owns nothing from the next round on, unless it asks again.</summary>
    /// <param name="worker">Index of the worker.</param>
    public void Retire(int worker)
    {
        ref var record = ref Record(worker);
        record.IsHeardThisRound = false;
        record.IsIdle = false;
        record.IsSuspect = true;
    }

    /// <summary>Notes how long a worker computes on a slice.</summary>
    /// <param name="worker">Index of the worker.</param>
    /// <param name="microsecondsPerSlice">Measured by the worker; 0 or less is ignored.</param>
    public void NoteSpeed(int worker, double microsecondsPerSlice)
    {
        if (microsecondsPerSlice > 0 && double.IsFinite(microsecondsPerSlice) && !_round.IsEvaluation)
        {
            ref var record = ref Record(worker);
            record.MicrosecondsPerSlice = record.MicrosecondsPerSlice == 0
                ? microsecondsPerSlice
                : record.MicrosecondsPerSlice + (0.2 * (microsecondsPerSlice - record.MicrosecondsPerSlice));
        }
    }

    /// <summary>True when a slice of the round was received.</summary>
    /// <param name="slice">Index of the slice.</param>
    public bool HasReceived(int slice) => _isReceived[slice];

    /// <summary>Notes that a range of slices was received.</summary>
    /// <param name="first">First slice.</param>
    /// <param name="count">Number of slices.</param>
    public void Receive(int first, int count)
    {
        for (var slice = first; slice < first + count; slice++)
        {
            _missing -= _isReceived[slice] ? 0 : 1;
            _isReceived[slice] = true;
        }
    }

    /// <summary>Ends a round that is complete: learns how long rounds take and who was missing.</summary>
    /// <param name="now">Time since the same origin as in <see cref="Begin"/>.</param>
    public void Complete(TimeSpan now)
    {
        ref var usual = ref _usual[_round.IsEvaluation ? 1 : 0];
        usual = usual is { } average ? Learn(average, now - _begun) : now - _begun;
        foreach (var owner in _owners)
        {
            if (owner != LeaseTable.Nobody)
            {
                ref var record = ref Record(owner);
                record.IsSuspect = !record.IsHeardThisRound;
            }
        }
    }

    /// <summary>When <see cref="Tick"/> is next worth calling; null while nobody is idle or nothing is missing.</summary>
    public TimeSpan? NextTick
    {
        get
        {
            if (_missing == 0 || !_workers.Exists(worker => worker.IsIdle))
            {
                return null;
            }

            var due = TimeSpan.MaxValue;
            for (var slice = 0; slice < _owners.Length; slice++)
            {
                if (!_isReceived[slice] && LateAt(slice) is var late && late < due)
                {
                    due = late;
                }
            }

            return due;
        }
    }

    /// <summary>Gives slices that are late to idle workers, in equal parts.</summary>
    /// <param name="now">Time since the same origin as in <see cref="Begin"/>.</param>
    /// <returns>A decision for each worker that got something.</returns>
    public IReadOnlyList<WorkDecision> Tick(TimeSpan now)
    {
        var late = SlicesWhere((slice, _) => !_isReceived[slice] && LateAt(slice) <= now);
        var idle = Enumerable.Range(0, _workers.Count).Where(worker => _workers[worker].IsIdle).ToArray();
        if (late.Length == 0 || idle.Length == 0)
        {
            return [];
        }

        var share = (late.Length + idle.Length - 1) / idle.Length;
        var decisions = new List<WorkDecision>();
        foreach (var (worker, slices) in idle.Zip(late.Chunk(share)))
        {
            foreach (var slice in slices)
            {
                _claims[slice] = now;
            }

            Record(worker).IsIdle = false;
            SpeculatedSlices += slices.Length;
            decisions.Add(new WorkDecision(worker, slices, true, "these slices are late"));
        }

        return decisions;
    }

    /// <summary>What is known of the workers, by index.</summary>
    public IEnumerable<(int Worker, bool IsSuspect, double MicrosecondsPerSlice)> Observations =>
        _workers.Select((record, worker) => (worker, record.IsSuspect, record.MicrosecondsPerSlice));

    /// <summary>True when an owner of slices was missing in the last round.</summary>
    public bool HasSuspects => _workers.Exists(worker => worker.IsSuspect);

    private TimeSpan Patience
    {
        get
        {
            if (_usual[_round.IsEvaluation ? 1 : 0] is not { } usual)
            {
                return _options.Initial;
            }

            var patience = usual * _options.Patience;
            return patience < _options.Minimum ? _options.Minimum : patience;
        }
    }

    private TimeSpan Learn(TimeSpan average, TimeSpan duration)
    {
        // A round that lasted for minutes because every worker was gone says nothing about the next: it counts as a slow one.
        var most = average * 2 > _options.Minimum ? average * 2 : _options.Minimum;
        return average + (((duration < most ? duration : most) - average) * 0.2);
    }

    private TimeSpan LateAt(int slice) => (_claims[slice] ?? _begun) + Patience;

    private void AssignOwners()
    {
        if (!_isLead)
        {
            Array.Fill(_owners, LeaseTable.Nobody);
            return;
        }

        // A worker counts as present when it took part in the round before, be it only by waiting.
        var load = new SortedDictionary<int, int>();
        for (var worker = 0; worker < _workers.Count; worker++)
        {
            if (!_workers[worker].IsSuspect && (_workers[worker].IsHeardThisRound || _workers[worker].IsIdle))
            {
                load[worker] = 0;
            }
        }

        for (var slice = 0; slice < _owners.Length; slice++)
        {
            var owner = _leases[slice];
            var isAbsent = owner == LeaseTable.Nobody || Record(owner).IsSuspect;
            _owners[slice] = isAbsent ? LeaseTable.Nobody : owner;
            if (!isAbsent)
            {
                load[owner] = load.GetValueOrDefault(owner) + 1;
            }
        }

        for (var slice = 0; slice < _owners.Length && load.Count > 0; slice++)
        {
            if (_owners[slice] == LeaseTable.Nobody)
            {
                var owner = load.MinBy(pair => pair.Value).Key;
                _owners[slice] = owner;
                load[owner]++;
            }
        }
    }

    private int[] SlicesWhere(Func<int, int, bool> predicate)
    {
        var slices = new List<int>();
        for (var slice = 0; slice < _owners.Length; slice++)
        {
            if (predicate(slice, _owners[slice]))
            {
                slices.Add(slice);
            }
        }

        return [.. slices];
    }

    private ref WorkerRecord Record(int worker)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        while (_workers.Count <= worker)
        {
            _workers.Add(default);
        }

        return ref CollectionsMarshal.AsSpan(_workers)[worker];
    }

    private record struct WorkerRecord
    {
        public bool IsHeardThisRound;
        public bool IsIdle;
        public bool IsSuspect;
        public double MicrosecondsPerSlice;
    }
}
