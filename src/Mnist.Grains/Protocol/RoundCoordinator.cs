using System.Runtime.InteropServices;

namespace Mnist.Grains.Protocol;

/// <summary>
/// Decides within a round who computes which slice. Everybody starts with the slices of the shards that he leases; the
/// leases of workers that were missing in the round before, or late and not heard of since, are spread over the others at
/// once; and when a round lasts longer than usual, or all others have waited for one worker for a while, what is still missing goes to
/// whoever is idle (speculative re-execution, as in Dean and Ghemawat, "MapReduce", OSDI 2004, section 3.6). All copies of a slice are
/// identical, so it never matters who was first.
/// Deterministic: no clock, no randomness, no I/O; time comes in with every call.
/// <para>
/// A round costs time in proportion to its slices and workers: a call looks only at the slices of the worker that asks, or
/// at the one that is waited for longest; at all of them once almost everybody is idle.
/// </para>
/// </summary>
public sealed partial class RoundCoordinator
{
    private readonly SpeculationOptions _options;
    private readonly bool _isLead;
    private readonly SliceOwners _owners;
    private readonly SliceProgress _progress;
    private readonly List<WorkerRecord> _workers = [];
    private readonly RecentDurations _steps = new();
    private readonly RecentDurations _evaluations = new();
    private LeaseTable _leases;
    private Round _round;
    private TimeSpan _begun;
    private int _idle;
    private long _arrivals;

    /// <summary>True until all wait for one worker, or something was given away: help comes once a round, and first.</summary>
    private bool _mayHelp;

    /// <summary>When the worker whom all others wait for gets help; null where there is none, or it had it already.</summary>
    private TimeSpan? _helpDue;

    /// <summary>Creates a coordinator in which no round has begun.</summary>
    /// <param name="slices">Slices of a round.</param>
    /// <param name="options">When a slice counts as late.</param>
    /// <param name="isLead">True where slices are given to their owners; other partitions only ask for what is late.</param>
    public RoundCoordinator(int slices, SpeculationOptions options, bool isLead)
    {
        (_options, _isLead) = (options, isLead);
        _owners = new SliceOwners(slices);
        _progress = new SliceProgress(slices);
        _leases = LeaseTable.Empty(slices);
    }

    /// <summary>Slices that were given to a second worker, over all rounds.</summary>
    public long SpeculatedSlices { get; private set; }

    /// <summary>True when every slice of the round was received.</summary>
    public bool IsComplete => _progress.Missing == 0;

    /// <summary>The leases from the next round on.</summary>
    public LeaseTable Leases
    {
        get => _leases;
        set => _leases = value.Shards == _leases.Shards
            ? value
            : throw new ArgumentException($"{value.Shards} leases for {_leases.Shards} slices", nameof(value));
    }

    /// <summary>Begins a round: nothing is received, and every slice has an owner if there is anyone to own it.</summary>
    /// <param name="round">The round.</param>
    /// <param name="now">Time since an arbitrary origin; it never goes back.</param>
    public void Begin(Round round, TimeSpan now)
    {
        _round = round;
        _begun = now;
        _progress.Begin(now);
        AssignOwners();
        foreach (ref var worker in CollectionsMarshal.AsSpan(_workers))
        {
            worker.IsHeardThisRound = false;
            worker.IsIdle = false;
            worker.IsLate = false;
        }

        _idle = 0;
        (_mayHelp, _helpDue) = (true, null);
    }

    /// <summary>Index of the worker who computes a slice unless it is late, or <see cref="LeaseTable.Nobody"/>.</summary>
    /// <param name="slice">Index of the slice.</param>
    public int OwnerOf(int slice) => _owners[slice];

    /// <summary>
    /// A worker calls in the round at hand: it is there, and whatever it was late with before is forgotten. Called before what it delivers
    /// is received: otherwise a worker that ends the round, and be it the one that all others have waited for, would count as missing.
    /// </summary>
    /// <param name="worker">Index of the worker.</param>
    public void Hear(int worker)
    {
        ref var record = ref Record(worker);
        record.IsHeardThisRound = true;
        record.IsSuspect = false;
        record.IsLate = false;
    }

    /// <summary>
    /// A worker asks what to do. One that has not delivered its own slices gets them, also for a second time, since the
    /// first answer may have been lost; any other waits, and may be given late slices by <see cref="Tick"/>. Slices that
    /// nobody owns, as when nobody was there yet as the round began, are the first asker's from then on.
    /// </summary>
    /// <param name="worker">Index of the worker.</param>
    /// <param name="isBusy">True when it is still computing and asks only to hear of the next round.</param>
    /// <param name="now">Time since the same origin as in <see cref="Begin"/>.</param>
    public WorkDecision Ask(int worker, bool isBusy, TimeSpan now)
    {
        Hear(worker);
        if (isBusy)
        {
            return new WorkDecision(worker, [], false, "is computing");
        }

        if (_isLead && _owners.HasUnowned)
        {
            _owners.GiveUnowned(worker);
        }

        var own = MissingSlicesOf(worker);
        SetIdle(ref Record(worker), own.Length == 0);
        NoteLast(now);
        return new WorkDecision(worker, own, false, own.Length == 0 ? "has delivered everything" : "owns these slices");
    }

    /// <summary>A worker no longer waits for an answer.</summary>
    /// <param name="worker">Index of the worker.</param>
    public void Leave(int worker) => SetIdle(ref Record(worker), false);

    /// <summary>A worker goes for good: it owns nothing from the next round on, unless it asks again.</summary>
    /// <param name="worker">Index of the worker.</param>
    public void Retire(int worker)
    {
        ref var record = ref Record(worker);
        SetIdle(ref record, false);
        record.IsHeardThisRound = false;
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
    public bool HasReceived(int slice) => _progress.HasReceived(slice);

    /// <summary>Notes that a range of slices was received.</summary>
    /// <param name="first">First slice.</param>
    /// <param name="count">Number of slices.</param>
    public void Receive(int first, int count) => _progress.Receive(first, count);

    /// <summary>Ends a round that is complete: learns how long rounds take and who was missing.</summary>
    /// <param name="now">Time since the same origin as in <see cref="Begin"/>.</param>
    public void Complete(TimeSpan now)
    {
        RoundsOfThisKind.Add(now - _begun, _owners.Heaviest);
        foreach (var owner in _owners.All)
        {
            if (owner != LeaseTable.Nobody)
            {
                ref var record = ref Record(owner);
                record.IsSuspect = !record.IsHeardThisRound || record.IsLate;
            }
        }
    }

    /// <summary>When <see cref="Tick"/> is next worth calling; null while nobody is idle or nothing is missing.</summary>
    public TimeSpan? NextTick => LateDue is { } late && _helpDue is { } help && help < late ? help : LateDue;

    private TimeSpan? LateDue => _idle > 0 ? _progress.LongestSince + Patience : null;

    /// <summary>
    /// Gives slices that are late to idle workers, to each the part that is its own were all owners there to help but one, for whom all
    /// wait: the others may become idle in a moment, and one that has done its part comes back for more (guided self-scheduling,
    /// Polychronopoulos and Kuck, 1987). Where the parts differ, whoever is idle for longest gets the larger one: the least is in its way.
    /// Before slices are late, the worker whom all wait for gets the help of one: of several on one machine, more would be in its way.
    /// </summary>
    /// <param name="now">Time since the same origin as in <see cref="Begin"/>.</param>
    /// <returns>A decision for each worker that got something.</returns>
    public IReadOnlyList<WorkDecision> Tick(TimeSpan now)
    {
        if (NextTick is not { } due || due > now)
        {
            return [];
        }

        var isLate = LateDue <= now;
        (_mayHelp, _helpDue) = (false, null);
        var late = _progress.MissingSince(isLate ? now - Patience : now);
        int[] idle = [.. Enumerable.Range(0, _workers.Count)
            .Where(worker => _workers[worker].IsIdle)
            .OrderBy(worker => _workers[worker].IdleSince)
            .Take(isLate ? _workers.Count : 1)];
        var helpers = Math.Max(idle.Length, _owners.Count - 1);
        var share = (late.Length + helpers - 1) / helpers;
        var given = _progress.AwaitAnew(late.AsSpan(0, Math.Min(late.Length, share * idle.Length)), now);
        foreach (var slice in given)
        {
            if (_owners[slice] != LeaseTable.Nobody)
            {
                Record(_owners[slice]).IsLate = true;
            }
        }

        var decisions = new List<WorkDecision>();
        foreach (var (worker, slices) in idle.Zip(given.Chunk(share)))
        {
            SetIdle(ref Record(worker), false);
            SpeculatedSlices += slices.Length;
            decisions.Add(new WorkDecision(worker, slices, true, isLate ? "these slices are late" : "all wait for these slices"));
        }

        return decisions;
    }

    /// <summary>What is known of the workers, by index.</summary>
    public IEnumerable<(int Worker, bool IsSuspect, double MicrosecondsPerSlice)> Observations =>
        _workers.Select((record, worker) => (worker, record.IsSuspect, record.MicrosecondsPerSlice));

    /// <summary>True when an owner of slices was missing in the last round.</summary>
    public bool HasSuspects => _workers.Exists(worker => worker.IsSuspect);

    private RecentDurations RoundsOfThisKind => _round.IsEvaluation ? _evaluations : _steps;

    private TimeSpan Patience
    {
        get
        {
            if (RoundsOfThisKind.Usual(_owners.Heaviest) is not { } usual)
            {
                return _options.Initial;
            }

            var patience = usual * _options.Patience;
            return patience < _options.Minimum ? _options.Minimum : patience;
        }
    }

    /// <summary>
    /// Notes from when on all owners of slices wait for one of them. One that has more slices than any other is expected as much later
    /// as it has more of them. One in the server's silo gets no help before it is late: it is not lost without the server, and help makes
    /// steps of a run in one process longer.
    /// </summary>
    private void NoteLast(TimeSpan now)
    {
        var others = _owners.Count - 1;
        if (!_mayHelp || others < 1 || _idle < others || RoundsOfThisKind.Usual(_owners.Heaviest) is not { } usual)
        {
            return;
        }

        var last = OnlyOwnerOfMissing();
        if (last != LeaseTable.Nobody && !Record(last).IsOfServer)
        {
            _mayHelp = false;
            var heaviest = Enumerable.Range(0, _workers.Count)
                .Where(worker => worker != last)
                .Max(worker => _owners.SlicesOf(worker).Length);
            var load = Math.Max(1, (double)_owners.SlicesOf(last).Length / heaviest);
            var due = _begun + ((now - _begun) * load) + (usual * _options.LastPatience);
            _helpDue = due - _begun < _options.Minimum ? _begun + _options.Minimum : due;
        }
    }

    /// <summary>The worker that owns every slice that is missing; nobody where there are several, or slices without an owner.</summary>
    private int OnlyOwnerOfMissing()
    {
        var only = LeaseTable.Nobody;
        for (var slice = 0; slice < _owners.All.Length; slice++)
        {
            var owner = _owners[slice];
            if (_progress.HasReceived(slice) || owner == only)
            {
                continue;
            }

            if (owner == LeaseTable.Nobody || only != LeaseTable.Nobody)
            {
                return LeaseTable.Nobody;
            }

            only = owner;
        }

        return only;
    }

    private void AssignOwners()
    {
        if (!_isLead)
        {
            _owners.Clear();
            return;
        }

        _owners.Assign(_leases, owner => Record(owner).IsSuspect);
        if (_owners.HasUnowned)
        {
            _owners.SpreadUnowned([.. Enumerable.Range(0, _workers.Count).Where(IsPresent)]);
        }
    }

    /// <summary>A worker counts as present when it took part in the round before, be it only by waiting, or owns slices already.</summary>
    private bool IsPresent(int worker) =>
        _owners.SlicesOf(worker).Length > 0
        || _workers[worker] is { IsSuspect: false, IsHeardThisRound: true } or { IsSuspect: false, IsIdle: true };

    private int[] MissingSlicesOf(int worker)
    {
        var owned = _owners.SlicesOf(worker);
        var count = 0;
        foreach (var slice in owned)
        {
            count += _progress.HasReceived(slice) ? 0 : 1;
        }

        if (count == 0)
        {
            return [];
        }

        var missing = new int[count];
        var next = 0;
        foreach (var slice in owned)
        {
            if (!_progress.HasReceived(slice))
            {
                missing[next++] = slice;
            }
        }

        return missing;
    }

    private void SetIdle(ref WorkerRecord record, bool isIdle)
    {
        _idle += (isIdle ? 1 : 0) - (record.IsIdle ? 1 : 0);
        record.IdleSince = isIdle && !record.IsIdle ? _arrivals++ : record.IdleSince;
        record.IsIdle = isIdle;
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

        /// <summary>Orders idle workers by when they became idle.</summary>
        public long IdleSince;
        public bool IsSuspect;
        public bool IsLate;
        public bool IsOfServer;

        /// <summary>What its grains call the silo that it is in; null for unknown.</summary>
        public string? Silo;
        public double MicrosecondsPerSlice;
    }
}
