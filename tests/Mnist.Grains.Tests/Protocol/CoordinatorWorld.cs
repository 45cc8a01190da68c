using Mnist.Grains.Protocol;

namespace Mnist.Grains.Tests.Protocol;

/// <summary>
/// A model of the grains around a <see cref="RoundCoordinator"/>, in virtual time: workers ask, compute, die and come back,
/// calls and answers get lost, frames arrive twice and late. It checks at every event what the coordinator promises.
/// </summary>
internal sealed class CoordinatorWorld
{
    private const int RetryMilliseconds = 120;
    private const int LongestWaitMilliseconds = 400;
    private readonly Random _random;
    private readonly SpeculationOptions _options;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly RoundCoordinator _coordinator;
    private readonly Worker[] _workers;
    private readonly int _slices;
    private readonly long _lastRound;
    private readonly double _lossRate;
    private readonly double _deathRate;
    private readonly int[] _received;
    private readonly TimeSpan[] _givenAt;
    private readonly SortedSet<int> _heard = [];
    private long _order;
    private TimeSpan _now;
    private Round _round;

    public CoordinatorWorld(int seed)
    {
        _random = new Random(seed);
        _slices = 1 << _random.Next(0, 5);
        _lastRound = _random.Next(3, 12);
        _lossRate = _random.Next(3) == 0 ? 0.15 * _random.NextDouble() : 0;
        _deathRate = _random.Next(3) == 0 ? 0 : 0.1 * _random.NextDouble();
        _options = new SpeculationOptions
        {
            Patience = 1 + _random.NextDouble(),
            Minimum = TimeSpan.FromMilliseconds(3),
            Initial = TimeSpan.FromMilliseconds(_random.Next(20, 200)),
        };
        _coordinator = new RoundCoordinator(_slices, _options, isLead: true);
        _workers = [.. Enumerable.Range(0, _random.Next(1, 7)).Select(index => new Worker(index, _random.Next(1, 40)))];
        (_received, _givenAt) = (new int[_slices], new TimeSpan[_slices]);
    }

    public long SpeculatedSlices => _coordinator.SpeculatedSlices;

    /// <summary>How often one of several idle workers was given what another one had not delivered, for whom all waited.</summary>
    public long Helps { get; private set; }

    public long Deaths { get; private set; }

    /// <summary>Workers that waited and got what a dead one owed.</summary>
    public long Losses { get; private set; }

    public long Suspicions { get; private set; }

    /// <summary>Runs the world to the end of its last round.</summary>
    /// <returns>Virtual time that it took.</returns>
    public TimeSpan Run(int mostEvents)
    {
        MoveLeases();
        _coordinator.Begin(_round, _now);
        foreach (var worker in _workers)
        {
            _coordinator.NoteSilo(worker.Index, SiloOf(worker), isOfServer: false);
            At(_random.Next(50), () => Call(worker, worker.Life));
        }

        for (var i = 0; _round.Number <= _lastRound; i++)
        {
            Assert.True(
                i < mostEvents && _events.Count > 0,
                $"round {_round.Number} does not end: {string.Join(' ', _received)} at {_now}");
            _events.TryDequeue(out var happen, out var when);
            CheckQuietUntil(when.At);
            _now = when.At;
            happen!();
            ArmTimer();
        }

        return _now;
    }

    private void At(double milliseconds, Action happen) =>
        _events.Enqueue(happen, (_now + TimeSpan.FromMilliseconds(milliseconds), _order++));

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private double Latency() => Chance(0.05) ? 30 * _random.NextDouble() : 0.2 + _random.NextDouble();

    /// <summary>The coordinator does nothing of its own accord before the moment that it names.</summary>
    private void CheckQuietUntil(TimeSpan next)
    {
        var due = _coordinator.NextTick;
        Assert.True(due is null || due >= _now, $"due at {due}, which is over");
        Assert.Empty(_coordinator.Tick(due is { } tick && tick <= next ? tick - new TimeSpan(1) : next));
    }

    private void ArmTimer()
    {
        if (_coordinator.NextTick is not { } due)
        {
            return;
        }

        if (due <= _now)
        {
            Speculate();
            ArmTimer();
            return;
        }

        var round = _round.Number;
        At((due - _now).TotalMilliseconds, () =>
        {
            if (_round.Number == round && _coordinator.NextTick <= _now)
            {
                Speculate();
            }
        });
    }

    private void Speculate()
    {
        var idle = _workers.Where(worker => worker is { Waiting: not null, IsLost: false }).Select(worker => worker.Index).ToArray();
        var patience = _round.Number == 0 ? _options.Initial : _options.Minimum;

        var decisions = _coordinator.Tick(_now);

        Assert.NotEmpty(decisions);
        Assert.Equal(decisions.Count, decisions.Select(decision => decision.Worker).Distinct().Count());
        var given = decisions.SelectMany(decision => decision.Slices).ToArray();

        // Whoever is late has to be heard of again before the round ends.
        _heard.ExceptWith(given.Select(_coordinator.OwnerOf));
        Assert.Equal(given.Length, given.Distinct().Count());
        Assert.All(given, slice => Assert.Equal(0, _received[slice]));
        Assert.All(given, slice => Assert.True(
            _now - _givenAt[slice] >= patience, $"slice {slice} was given away at {_givenAt[slice]} and {_now}"));
        Assert.All(decisions, decision => Assert.Contains(decision.Worker, idle));
        var missing = Enumerable.Range(0, _slices).Where(slice => _received[slice] == 0);
        if (decisions.Count == 1 && idle.Length > 1 && missing.Select(_coordinator.OwnerOf).Distinct().Count() == 1)
        {
            // All others wait for one worker, which gets the help of one.
            Helps++;
        }
        else
        {
            Assert.InRange(decisions.Max(decision => decision.Slices.Length), 1, ((given.Length - 1) / idle.Length) + 1);
        }

        foreach (var decision in decisions)
        {
            Array.ForEach(decision.Slices, slice => _givenAt[slice] = _now);
            Answer(_workers[decision.Worker], decision.Slices);
        }
    }

    /// <summary>A worker calls, perhaps twice, perhaps in vain, and calls again when it hears nothing.</summary>
    private void Call(Worker worker, int life)
    {
        if (worker.Life != life)
        {
            return;
        }

        var (call, round, slices) = (++worker.Calls, worker.Round, worker.Computed.ToArray());
        foreach (var _ in Enumerable.Range(0, Chance(0.05) ? 2 : 1).Where(_ => !Chance(_lossRate)))
        {
            At(Latency(), () => Serve(worker, call, round, slices));
        }

        At(LongestWaitMilliseconds + RetryMilliseconds, () =>
        {
            if (worker.Calls == call)
            {
                Call(worker, life);
            }
        });
    }

    /// <summary>What the parameter server does with a call.</summary>
    private void Serve(Worker worker, long call, long round, int[] slices)
    {
        if (round == _round.Number)
        {
            _heard.Add(worker.Index);
            _coordinator.Hear(worker.Index);
            foreach (var node in SubtreeSplit.Of(slices))
            {
                Receive(node.First, node.Count);
            }
        }

        if (_coordinator.IsComplete)
        {
            FinishRound();
        }

        var own = Ask(worker);
        if (round != _round.Number || own.Length > 0)
        {
            _coordinator.Leave(worker.Index);
            worker.Waiting = null;
            Reply(worker, call, own);
            return;
        }

        worker.Waiting = call;
        At(LongestWaitMilliseconds, () =>
        {
            if (worker.Waiting == call)
            {
                _coordinator.Leave(worker.Index);
                Answer(worker, []);
            }
        });
    }

    private void Receive(int first, int count)
    {
        for (var slice = first; slice < first + count; slice++)
        {
            _received[slice] += _coordinator.HasReceived(slice) ? 0 : 1;
        }

        _coordinator.Receive(first, count);
    }

    private int[] Ask(Worker worker)
    {
        _heard.Add(worker.Index);
        worker.IsLost = false;
        var own = _coordinator.Ask(worker.Index, isBusy: false, _now).Slices;
        Assert.Equal(own, _coordinator.Ask(worker.Index, isBusy: false, _now).Slices);
        Assert.Equal(
            Enumerable.Range(0, _slices).Where(slice => _coordinator.OwnerOf(slice) == worker.Index && _received[slice] == 0), own);
        return own;
    }

    private void FinishRound()
    {
        Assert.All(_received, count => Assert.Equal(1, count));
        var owners = Owners();
        _coordinator.Complete(_now);
        var suspects = _coordinator.Observations.Where(worker => worker.IsSuspect).Select(worker => worker.Worker).ToHashSet();
        Assert.Empty(suspects.Intersect(_heard));
        Assert.Empty(owners.Except(_heard).Except(suspects));
        Suspicions += suspects.Count;

        _round = new Round(_round.Number + 1, 0, _round.Number + 1, Chance(0.1));
        MoveLeases();
        Array.Clear(_received);
        Array.Fill(_givenAt, _now);
        _coordinator.Begin(_round, _now);
        Assert.Empty(Owners().Intersect(suspects));
        Assert.DoesNotContain(LeaseTable.Nobody, Owners());
        _heard.Clear();
        foreach (var worker in _workers.Where(worker => worker.Waiting is not null))
        {
            var own = Ask(worker);
            _coordinator.Leave(worker.Index);
            Answer(worker, own);
        }
    }

    private int[] Owners() => [.. Enumerable.Range(0, _slices).Select(_coordinator.OwnerOf)];

    /// <summary>The run grain's view of who is alive may be wrong in any way.</summary>
    private void MoveLeases()
    {
        if (_round.Number == 0 || Chance(0.2))
        {
            var candidates = _workers.Where(_ => Chance(0.8))
                .Select(worker => new LeaseCandidate(worker.Index, Chance(0.5) ? worker.MillisecondsPerSlice : 0));
            _coordinator.Leases = LeasePolicy.Divide(_slices, [.. candidates]);
        }
    }

    private void Answer(Worker worker, int[] slices)
    {
        var call = worker.Waiting!.Value;
        worker.Waiting = null;
        Reply(worker, call, slices);
    }

    private void Reply(Worker worker, long call, int[] slices)
    {
        var (round, life) = (_round.Number, worker.Life);
        if (!Chance(_lossRate))
        {
            At(Latency(), () =>
            {
                if (worker.Life == life && worker.Calls == call)
                {
                    Compute(worker, round, slices);
                }
            });
        }
    }

    private void Compute(Worker worker, long round, int[] slices)
    {
        worker.Calls++;
        worker.Computed = worker.Round == round ? [.. worker.Computed.Union(slices).Order()] : slices;
        worker.Round = round;
        var life = worker.Life;
        var milliseconds = slices.Length * worker.MillisecondsPerSlice * (0.8 + (0.4 * _random.NextDouble())) * (Chance(0.02) ? 20 : 1);
        At(milliseconds, () => Call(worker, life));

        // The first worker never dies, so that a round can always end.
        if (worker.Index > 0 && Chance(_deathRate))
        {
            At(milliseconds * 1.5 * _random.NextDouble(), () => Die(worker, life));
        }
    }

    private void Die(Worker worker, int life)
    {
        if (worker.Life != life)
        {
            return;
        }

        Deaths++;
        if (Chance(0.5))
        {
            At(Latency(), () => Lose(worker));
        }

        worker.Life++;
        (worker.Round, worker.Computed) = (-1, []);
        worker.Calls++;
        if (Chance(0.6))
        {
            At(_random.Next(1500), () => Call(worker, life + 1));
        }
    }

    /// <summary>The server hears of a death at once, where it does; the worker may be back already.</summary>
    private void Lose(Worker worker)
    {
        _heard.Remove(worker.Index);
        worker.IsLost = true;
        foreach (var decision in _coordinator.Lose(SiloOf(worker)))
        {
            Losses++;
            Assert.NotEqual(worker.Index, decision.Worker);
            Assert.All(decision.Slices, slice => Assert.Equal(0, _received[slice]));
            Answer(_workers[decision.Worker], decision.Slices);
        }
    }

    private static string SiloOf(Worker worker) => $"{worker.Index}";

    private sealed class Worker(int index, double millisecondsPerSlice)
    {
        public int Index => index;

        public double MillisecondsPerSlice => millisecondsPerSlice;

        /// <summary>Raised by each death, so that what an earlier life had begun comes to nothing.</summary>
        public int Life { get; set; }

        public long Calls { get; set; }

        public long Round { get; set; } = -1;

        public int[] Computed { get; set; } = [];

        /// <summary>True from the moment when the server heard of a death until it hears of the worker.</summary>
        public bool IsLost { get; set; }

        /// <summary>The call that waits at the server for an answer.</summary>
        public long? Waiting { get; set; }
    }
}
