using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>
/// The decisions of a <see cref="RoundCoordinator"/> without any of its bookkeeping: every question is answered by looking
/// at all slices and all workers.
/// </summary>
internal sealed class PlainRoundCoordinator(int slices, int workers, SpeculationOptions options, bool isLead)
{
    private readonly int[] _owners = new int[slices];
    private readonly bool[] _isReceived = new bool[slices];
    private readonly TimeSpan?[] _claims = new TimeSpan?[slices];

    /// <summary>Number of the tick in which a slice was last given away; who waits longest is first.</summary>
    private readonly long[] _claimedIn = new long[slices];
    private readonly bool[] _isHeard = new bool[workers];

    /// <summary>Those who are idle, in the order in which they became it.</summary>
    private readonly List<int> _idle = [];
    private readonly bool[] _isLate = new bool[workers];
    private readonly bool[] _isSuspect = new bool[workers];
    private readonly List<(TimeSpan Duration, int Load)>[] _rounds = [[], []];
    private Round _round;
    private TimeSpan _begun;
    private long _ticks;
    private readonly bool[] _isOfServer = new bool[workers];
    private readonly string?[] _silos = new string?[workers];
    private bool _mayHelp;
    private TimeSpan? _helpDue;

    public LeaseTable Leases { get; set; } = LeaseTable.Empty(slices);

    public long SpeculatedSlices { get; private set; }

    public bool IsComplete => Array.TrueForAll(_isReceived, isReceived => isReceived);

    public TimeSpan? NextTick =>
        IsComplete || _idle.Count == 0 ? null : new[] { _helpDue, Missing.Min(WaitedForSince) + Patience }.Min();

    public IEnumerable<int> Suspects => Enumerable.Range(0, workers).Where(worker => _isSuspect[worker]);

    public IEnumerable<int> Owners => _owners;

    private IEnumerable<int> Missing => Enumerable.Range(0, slices).Where(slice => !_isReceived[slice]);

    private List<(TimeSpan Duration, int Load)> Rounds => _rounds[_round.IsEvaluation ? 1 : 0];

    private int Heaviest => Math.Max(1, Enumerable.Range(0, workers).Max(worker => _owners.Count(owner => owner == worker)));

    private TimeSpan? Usual
    {
        get
        {
            var load = (double)Heaviest;
            TimeSpan[] sorted = [.. Rounds.TakeLast(15).Select(round => round.Duration * Math.Max(1, load / round.Load)).Order()];
            return sorted.Length == 0 ? null : sorted[(sorted.Length - 1) / 2];
        }
    }

    private TimeSpan Patience
    {
        get
        {
            var usual = Usual;
            var patience = usual is null ? options.Initial : usual.Value * options.Patience;
            return usual is not null && patience < options.Minimum ? options.Minimum : patience;
        }
    }

    public void Begin(Round round, TimeSpan now)
    {
        (_round, _begun) = (round, now);
        Array.Clear(_isReceived);
        Array.Clear(_claims);
        Array.Clear(_claimedIn);
        for (var slice = 0; slice < slices; slice++)
        {
            var owner = isLead ? Leases[slice] : LeaseTable.Nobody;
            _owners[slice] = owner != LeaseTable.Nobody && _isSuspect[owner] ? LeaseTable.Nobody : owner;
        }

        if (isLead)
        {
            Spread(_ => true);
        }

        Array.Clear(_isHeard);
        _idle.Clear();
        Array.Clear(_isLate);
        (_mayHelp, _helpDue) = (true, null);
    }

    public void Hear(int worker) => (_isHeard[worker], _isSuspect[worker], _isLate[worker]) = (true, false, false);

    public int[] Ask(int worker, bool isBusy, TimeSpan now)
    {
        Hear(worker);
        if (isBusy)
        {
            return [];
        }

        if (isLead)
        {
            _owners.AsSpan().Replace(LeaseTable.Nobody, worker);
        }

        int[] own = [.. Missing.Where(slice => _owners[slice] == worker)];
        if (own.Length > 0)
        {
            _idle.Remove(worker);
        }
        else if (!_idle.Contains(worker))
        {
            _idle.Add(worker);
        }

        var owners = _owners.Where(owner => owner != LeaseTable.Nobody).Distinct().ToArray();
        if (_mayHelp && owners.Length > 1 && _idle.Count >= owners.Length - 1 && Usual is { } usual
            && !IsComplete && Missing.Select(slice => _owners[slice]).Distinct().ToArray() is [not LeaseTable.Nobody and var last]
            && !_isOfServer[last])
        {
            _mayHelp = false;
            var most = owners.Where(owner => owner != last).Max(owner => _owners.Count(other => other == owner));
            var due = _begun + ((now - _begun) * Math.Max(1, (double)_owners.Count(owner => owner == last) / most))
                + (usual * options.LastPatience);
            _helpDue = due < _begun + options.Minimum ? _begun + options.Minimum : due;
        }

        return own;
    }

    public void NoteSilo(int worker, string silo, bool isOfServer) =>
        (_silos[worker], _isOfServer[worker]) = (silo, isOfServer);

    public IReadOnlyList<(int Worker, int[] Slices)> Lose(string silo)
    {
        int[] lost = [.. Enumerable.Range(0, workers).Where(worker => _silos[worker] == silo)];
        foreach (var worker in lost)
        {
            _idle.Remove(worker);
            (_isHeard[worker], _isSuspect[worker]) = (false, true);
        }

        int[] owed = [.. Missing.Where(slice => lost.Contains(_owners[slice]))];
        if (owed.Length == 0)
        {
            return [];
        }

        Array.ForEach(owed, slice => _owners[slice] = LeaseTable.Nobody);
        Spread(worker => !lost.Contains(worker));
        (int Worker, int[] Slices)[] decisions = [.. _idle.Order()
            .Select(worker => (worker, Missing.Where(slice => _owners[slice] == worker).ToArray()))
            .Where(decision => decision.Item2.Length > 0)];
        Array.ForEach(decisions, decision => _idle.Remove(decision.Worker));
        return decisions;
    }

    public void Leave(int worker) => _idle.Remove(worker);

    public void Receive(int first, int count) => Array.Fill(_isReceived, true, first, count);

    public bool IsAnythingLate(TimeSpan now) => Late(now).Any();

    public void Complete(TimeSpan now)
    {
        Rounds.Add((now - _begun, Heaviest));
        foreach (var owner in _owners.Where(owner => owner != LeaseTable.Nobody))
        {
            _isSuspect[owner] = !_isHeard[owner] || _isLate[owner];
        }
    }

    public IReadOnlyList<(int Worker, int[] Slices)> Tick(TimeSpan now)
    {
        int[] late = [.. Late(now)];
        int[] idle = [.. _idle];
        if (late.Length == 0 && _helpDue <= now)
        {
            (late, idle) = ([.. Missing], [.. _idle.Take(1)]);
        }

        if (late.Length == 0 || idle.Length == 0)
        {
            return [];
        }

        (_mayHelp, _helpDue) = (false, null);
        var helpers = Math.Max(idle.Length, _owners.Where(owner => owner != LeaseTable.Nobody).Distinct().Count() - 1);
        var share = (late.Length + helpers - 1) / helpers;
        var given = late.OrderBy(slice => _claimedIn[slice]).Take(share * idle.Length).Order();
        (int Worker, int[] Slices)[] decisions = [.. idle.Zip(given.Chunk(share))];
        foreach (var slice in decisions.SelectMany(decision => decision.Slices).Where(slice => _owners[slice] != LeaseTable.Nobody))
        {
            _isLate[_owners[slice]] = true;
        }

        _ticks++;
        foreach (var (worker, part) in decisions)
        {
            _idle.Remove(worker);
            Array.ForEach(part, slice => (_claims[slice], _claimedIn[slice]) = (now, _ticks));
        }

        SpeculatedSlices += decisions.Sum(decision => decision.Slices.Length);
        return decisions;
    }

    /// <summary>
    /// Whoever owns the fewest gets one more of those that nobody owns, until all are given; then everybody's are made adjacent.
    /// </summary>
    private void Spread(Func<int, bool> isThere)
    {
        var takers = Enumerable.Range(0, workers)
            .Where(worker => _owners.Contains(worker) || (!_isSuspect[worker] && (_isHeard[worker] || _idle.Contains(worker))))
            .Where(isThere)
            .ToArray();
        if (takers.Length == 0)
        {
            return;
        }

        var loads = takers.Select(worker => _owners.Count(owner => owner == worker)).ToArray();
        var unowned = Enumerable.Range(0, slices).Where(slice => _owners[slice] == LeaseTable.Nobody).ToArray();
        var given = unowned.Select(_ =>
        {
            var fewest = Array.IndexOf(loads, loads.Min());
            loads[fewest]++;
            return takers[fewest];
        });
        foreach (var (slice, worker) in unowned.Zip(given.Order()).ToArray())
        {
            _owners[slice] = worker;
        }
    }

    private IEnumerable<int> Late(TimeSpan now)
    {
        var patience = Patience;
        return Missing.Where(slice => WaitedForSince(slice) + patience <= now);
    }

    private TimeSpan WaitedForSince(int slice) => _claims[slice] ?? _begun;
}
